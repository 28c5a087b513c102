using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sandan.Demo;

namespace Sandan.Stand;

/// <summary>The documents of exports, which have numbers of their own, and what follows on inventories; as JSON.</summary>
internal sealed partial class Traffic
{
    private const string Dollar = "502";
    private const int AccountsCount = 2;
    private const int BondedOf = 5;
    private static readonly JsonSerializerOptions Unescaped = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Pieces of an import, as ordered.</summary>
    public static int QuantityOf(int number) => new Purchase(number).Quantity;

    /// <summary>Bonded accounts.</summary>
    public IReadOnlyList<string> Accounts => [.. Enumerable.Range(0, AccountsCount).Select(at => Number('T', at))];

    /// <summary>Number of an export: of its order, and of its declarant's.</summary>
    public string ExportNo(int number) => Number('X', number);

    /// <summary>Who sells an import.</summary>
    public Company SellerOf(int number) => world.Sellers[number % world.Sellers.Count];

    /// <summary>Writes an order, a receipt of payment, a waybill or an inventory of an export, and the end of its line.</summary>
    public void WriteExport(DocumentWriter writer, Kind kind, int group, int number, ExportEdition edition) => Line(writer, kind switch
    {
        Kind.ExportOrder => ExportOrder(group, number, edition),
        Kind.ExportPayment => ExportPayment(group, number, edition),
        Kind.ExportWaybill => ExportWaybill(group, number, edition),
        Kind.ExportInventory => ExportInventory(group, number, edition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is no document of an export."),
    });

    /// <summary>Writes a part of the departure of a group, and the end of its line.</summary>
    public void WriteDeparture(DocumentWriter writer, int group, DepartureEdition edition)
    {
        var carrier = SenderOf(group, Kind.Departure);
        Line(writer, new
        {
            guid = GuidText(edition.First, Kind.Departure, edition.Part),
            appType = $"{edition.AppType}",
            appTime = minutes[40 + edition.Minute],
            appStatus = "2",
            customsCode = "3105",
            copNo = Number('D', edition.First),
            logisticsCode = carrier.Code,
            logisticsName = carrier.Name,
            trafMode = "5",
            trafName = "B-2095",
            voyageNo = "CA1053",
            billNo = "999-12345675",
            leaveTime = minutes[40],
            msgCount = edition.Parts,
            msgSeqNo = edition.Part,
            departureList = edition.Exports.Select((number, at) => new { gnum = at + 1, totalPackageNo = "BAG0001", logisticsNo = Number('L', number) }),
        });
    }

    /// <summary>Writes a return of some pieces of an import, and the end of its line.</summary>
    /// <param name="invtNo">As customs gave it.</param>
    /// <param name="no">Counts the returns of the import.</param>
    public void WriteReturn(DocumentWriter writer, int group, int number, string invtNo, int no, int pieces)
    {
        var article = new Purchase(number).Article;
        var copNo = Number('R', number) + no.ToString(CultureInfo.InvariantCulture);
        Line(writer, OnInventory(
            Kind.Return, group, number, invtNo, copNo, "订购人退货", no,
            [new { gnum = 1, gcode = article.HsCode, gname = article.Name, qty = pieces, unit = article.Unit }]));
    }

    /// <summary>Writes a request to cancel the inventory of an import or of an export, and the end of its line.</summary>
    /// <param name="invtNo">As customs gave it.</param>
    public void WriteCancellation(DocumentWriter writer, Kind kind, int group, int number, string invtNo) => Line(
        writer, kind == Kind.Cancellation
            ? OnInventory(kind, group, number, invtNo, Number('C', number), "订购人取消订单")
            : ExportCancellation(group, number, invtNo));

    /// <summary>What is asked of the inventory of an import: to cancel it, or that goods come back.</summary>
    private object OnInventory(
        Kind kind, int group, int number, string invtNo, string copNo, string reason, int no = 0, object[]? invtRefundList = null)
    {
        var (platform, carrier, declarant) = (SenderOf(group, Kind.Order), SenderOf(group, Kind.Waybill), SenderOf(group, kind));
        var (seller, buyer) = (SellerOf(number), number % Buyers);
        return new
        {
            guid = GuidText(number, kind, no),
            appType = "1",
            appTime = minutes[50],
            appStatus = "2",
            customsCode = "3105",
            orderNo = OrderNo(number),
            ebpCode = platform.Code,
            ebpName = platform.Name,
            ebcCode = seller.Code,
            ebcName = seller.Name,
            logisticsNo = Number('W', number),
            logisticsCode = carrier.Code,
            logisticsName = carrier.Name,
            copNo,
            invtNo,
            buyerIdType = "1",
            buyerIdNumber = IdNumberOf(buyer),
            buyerName = NameOf(buyer),
            buyerTelephone = TelephoneOf(buyer),
            agentCode = declarant.Code,
            agentName = declarant.Name,
            reason,
            invtRefundList,
        };
    }

    /// <summary>Under the number that its declarant gave to the inventory.</summary>
    private object ExportCancellation(int group, int number, string invtNo)
    {
        var (declarant, seller) = (SenderOf(group, Kind.ExportCancellation), SellerOf(number));
        return new
        {
            guid = GuidText(number, Kind.ExportCancellation),
            appType = "1",
            appTime = minutes[50],
            appStatus = "2",
            customsCode = "3105",
            copNo = ExportNo(number),
            invtNo,
            agentCode = declarant.Code,
            agentName = declarant.Name,
            ebcCode = seller.Code,
            ebcName = seller.Name,
            reason = "订单取消",
        };
    }

    private object ExportOrder(int group, int number, ExportEdition edition)
    {
        var (platform, seller, goods) = (SenderOf(group, Kind.ExportOrder), SellerOf(number), new Shipment(number));
        var quantity = goods.Quantity - (edition.Defect == ExportDefect.Quantity ? 1 : 0);
        return new
        {
            guid = GuidText(number, Kind.ExportOrder),
            appType = $"{edition.AppType}",
            appTime = minutes[edition.Minute],
            appStatus = "2",
            orderType = "E",
            orderNo = ExportNo(number),
            ebpCode = platform.Code,
            ebpName = platform.Name,
            ebcCode = seller.Code,
            ebcName = seller.Name,
            goodsValue = goods.Price * quantity,
            freight = Shipment.Freight,
            currency = Dollar,
            orderList = new[]
            {
                new
                {
                    gnum = 1, itemNo = goods.ItemNo, itemName = "西湖龙井 250 克", unit = "125", currency = Dollar, qty = quantity, price = goods.Price,
                    totalPrice = goods.Price * quantity,
                },
            },
        };
    }

    private object ExportPayment(int group, int number, ExportEdition edition)
    {
        var (platform, payer, seller, goods) = (SenderOf(group, Kind.ExportOrder), SenderOf(group, Kind.ExportPayment), SellerOf(number), new Shipment(number));
        return new
        {
            guid = GuidText(number, Kind.ExportPayment),
            appType = $"{edition.AppType}",
            appTime = minutes[1 + edition.Minute],
            appStatus = "2",
            ebpCode = platform.Code,
            ebpName = platform.Name,
            ebcCode = seller.Code,
            ebcName = seller.Name,
            orderNo = ExportNo(number),
            payCode = payer.Code,
            payName = payer.Name,
            payNo = Number('Y', number),
            charge = goods.Price * goods.Quantity + Shipment.Freight,
            currency = Dollar,
            accountingDate = minutes[1],
        };
    }

    private object ExportWaybill(int group, int number, ExportEdition edition)
    {
        var (carrier, seller, goods) = (SenderOf(group, Kind.ExportWaybill), SellerOf(number), new Shipment(number));
        return new
        {
            guid = GuidText(number, Kind.ExportWaybill),
            appType = $"{edition.AppType}",
            appTime = minutes[10 + edition.Minute],
            appStatus = "2",
            logisticsCode = carrier.Code,
            logisticsName = carrier.Name,
            logisticsNo = Number('L', number),
            freight = Shipment.Freight,
            insuredFee = 0,
            currency = Dollar,
            grossWeight = goods.WeightKg,
            packNo = 1,
            goodsInfo = "茶叶",
            ebcCode = seller.Code,
            ebcName = seller.Name,
        };
    }

    private object ExportInventory(int group, int number, ExportEdition edition)
    {
        var (platform, carrier, declarant) = (SenderOf(group, Kind.ExportOrder), SenderOf(group, Kind.ExportWaybill), SenderOf(group, Kind.ExportInventory));
        var seller = SellerOf(edition.Defect == ExportDefect.Seller ? number + 1 : number);
        var goods = new Shipment(number);
        var quantity = goods.Quantity + (edition.Defect == ExportDefect.Quantity ? 1 : 0);
        return new
        {
            guid = GuidText(number, Kind.ExportInventory),
            appType = $"{edition.AppType}",
            appTime = minutes[20 + edition.Minute],
            appStatus = "2",
            customsCode = "3105",
            ebpCode = platform.Code,
            ebpName = platform.Name,
            orderNo = ExportNo(number),
            logisticsCode = carrier.Code,
            logisticsName = carrier.Name,
            logisticsNo = Number('L', number),
            copNo = ExportNo(number),
            ieFlag = "E",
            portCode = "3105",
            ieDate = minutes[20][..8],
            statisticsFlag = "B",
            agentCode = declarant.Code,
            agentName = declarant.Name,
            ebcCode = seller.Code,
            ebcName = seller.Name,
            ownerCode = seller.Code,
            ownerName = seller.Name,
            tradeMode = edition.Defect == ExportDefect.Mode ? "9710" : "9610",
            trafMode = "5",
            country = Dollar,
            POD = Dollar,
            freight = Shipment.Freight,
            fCurrency = Dollar,
            fFlag = "3",
            insuredFee = 0,
            iCurrency = Dollar,
            iFlag = "3",
            wrapType = "2",
            packNo = 1,
            grossWeight = goods.WeightKg,
            netWeight = goods.WeightKg,
            inventoryList = new[]
            {
                new
                {
                    gnum = 1, itemNo = goods.ItemNo, itemName = "西湖龙井 250 克", gcode = "0902101000", gname = "绿茶", gmodel = "250 克/罐", barCode = "无",
                    country = Dollar, currency = Dollar, qty = quantity, qty1 = 0.25m * quantity, unit = "125", unit1 = "035", price = goods.Price,
                    totalPrice = goods.Price * quantity,
                },
            },
        };
    }

    /// <summary>The account from which an import takes its goods; null where it takes them from none.</summary>
    private string? AccountOf(int number) => number % BondedOf == 0 ? Number('T', number / BondedOf % AccountsCount) : null;

    private static void Line(DocumentWriter writer, object document)
    {
        writer.Raw(JsonSerializer.SerializeToUtf8Bytes(document, Unescaped));
        writer.Raw("\n"u8);
    }

    private string Number(char letter, int number) => string.Create(CultureInfo.InvariantCulture, $"{letter}{run}{number:00000000}");

    private static string GuidText(int number, Kind kind, int part = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)kind:X8}-{part:X4}-4000-8000-{number:X12}");

    private readonly struct Shipment(int number)
    {
        public const decimal Freight = 9.9m;
        public string ItemNo => string.Create(CultureInfo.InvariantCulture, $"TEA-{number % 7}");
        public decimal Price => 20 + number % 7;
        public int Quantity => 2 + number % 3;
        public decimal WeightKg => 0.3m * Quantity;
    }
}
