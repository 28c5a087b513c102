using System.Globalization;
using Sandan.Contracts.Ceb;
using Sandan.Demo;

namespace Sandan.Stand;

/// <summary>
/// The documents of consignment 0, 1, 2 … : everything follows from the number, so that nothing has to be
/// kept to send the same bytes again, and the right verdict of each is known. 3 % have a defect.
/// </summary>
internal sealed partial class Traffic(World world, string run, DateTimeOffset now)
{
    /// <summary>Is in the order number of a copy that was put into the tables and never sent.</summary>
    public const char CopyMark = '~';

    /// <summary>Different buyers; then they buy again.</summary>
    private const int Buyers = 1_000_000;
    private const int DefectsInThousand = 30;
    private const uint Seed = 1;

    /// <summary>What three documents alone show, so that the baselines can be held to it too.</summary>
    public static readonly IReadOnlyList<Defect> Defects =
    [
        Defect.PaidAmount, Defect.BuyerIsNotPayer, Defect.PaymentCompany, Defect.PaymentNumber, Defect.PlatformName,
        Defect.ConsigneeName, Defect.ConsigneeTelephone, Defect.ConsigneeAddress, Defect.NoOrder, Defect.NoPayment, Defect.NoWaybill,
    ];

    private const string Surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
    private const string GivenNames = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅志文";
    private static readonly string[] Regions = ["110105", "310115", "330106", "410105", "440106", "500103", "510107"];
    private static readonly string[] Cities = ["北京市朝阳区", "上海市浦东新区", "浙江省杭州市西湖区", "河南省郑州市金水区", "广东省广州市天河区", "四川省成都市武侯区"];
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private readonly string[] minutes = [.. Enumerable.Range(-60, 60).Select(minute => ShanghaiTime.Format14(now.AddMinutes(minute)))];

    /// <summary>What is wrong with a consignment.</summary>
    public static Defect DefectOf(int number)
    {
        var hash = Hash(number);
        return hash % 1000 < DefectsInThousand ? Defects[hash / 1000 % Defects.Count] : Defect.None;
    }

    /// <summary>The numbers of the kinds of a group in the order in which they are sent: every order occurs.</summary>
    public static (Kind, Kind, Kind) OrderOf(int group) => (Hash(~group) % 6) switch
    {
        0 => (Kind.Order, Kind.Payment, Kind.Waybill),
        1 => (Kind.Order, Kind.Waybill, Kind.Payment),
        2 => (Kind.Payment, Kind.Order, Kind.Waybill),
        3 => (Kind.Payment, Kind.Waybill, Kind.Order),
        4 => (Kind.Waybill, Kind.Order, Kind.Payment),
        _ => (Kind.Waybill, Kind.Payment, Kind.Order),
    };

    /// <summary>What is personal about the buyer of a consignment: name, ID number, telephone, address.</summary>
    public static string[] BuyerOf(int number) =>
        [NameOf(number % Buyers), IdNumberOf(number % Buyers), TelephoneOf(number % Buyers), AddressOf(number % Buyers)];

    /// <summary>False where the defect is that this document never comes.</summary>
    public static bool IsSent(Defect defect, Kind kind) =>
        defect != (kind switch { Kind.Order => Defect.NoOrder, Kind.Payment => Defect.NoPayment, Kind.Waybill => Defect.NoWaybill, _ => Defect.None });

    /// <summary>Where documents of a kind are sent as JSON.</summary>
    public static string RouteOf(Kind kind) => kind switch
    {
        Kind.Order => "/v1/orders",
        Kind.Payment => "/v1/payments",
        Kind.Waybill => "/v1/waybills",
        Kind.Inventory => "/v1/inventories",
        Kind.Return => "/v1/returns",
        Kind.Cancellation => "/v1/cancellations",
        Kind.ExportOrder => "/v1/export-orders",
        Kind.ExportPayment => "/v1/export-payments",
        Kind.ExportWaybill => "/v1/export-waybills",
        Kind.ExportInventory => "/v1/export-inventories",
        Kind.ExportCancellation => "/v1/export-cancellations",
        _ => "/v1/departures",
    };

    /// <summary>Who sends the documents of a group.</summary>
    public Company SenderOf(int group, Kind kind) => kind switch
    {
        Kind.Order or Kind.ExportOrder => world.Platforms[group % world.Platforms.Count],
        Kind.Payment or Kind.ExportPayment => world.PaymentCompanies[group % world.PaymentCompanies.Count],
        Kind.Inventory or Kind.Return or Kind.Cancellation or Kind.ExportInventory or Kind.ExportCancellation => world.Declarants[group % world.Declarants.Count],
        _ => world.LogisticsCompanies[group % world.LogisticsCompanies.Count],
    };

    /// <summary>The order number, which begins with the run and ends with the number.</summary>
    public string OrderNo(int number) => string.Create(CultureInfo.InvariantCulture, $"{run}-{number:00000000}");

    /// <summary>The number in an order number of this run; -1 where it is of another.</summary>
    public int NumberOf(ReadOnlySpan<byte> orderNo) =>
        orderNo.Length == run.Length + 9 && int.TryParse(orderNo[(run.Length + 1)..], CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    /// <summary>Writes the documents of one kind of consignments <paramref name="first"/> …; returns how many there are.</summary>
    /// <remarks>All of them belong to one group: one sender.</remarks>
    public int Write(DocumentWriter writer, Format format, Kind kind, int group, int first, int count)
    {
        writer.Reset(format);
        var message = kind switch { Kind.Order => "CEB311Message"u8, Kind.Payment => "CEB411Message"u8, _ => "CEB511Message"u8 };
        if (format == Format.Xml)
        {
            writer.Raw("<ceb:"u8);
            writer.Raw(message);
            writer.Raw(" xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\" guid=\""u8);
            writer.Raw(GuidOf(first, kind, isMessage: true));
            writer.Raw("\" version=\"1.0\">"u8);
        }

        var written = 0;
        for (var number = first; number < first + count; number++)
        {
            var defect = DefectOf(number);
            if (!IsSent(defect, kind))
            {
                continue;
            }

            Write(writer, kind, group, number, Edition.First(defect));
            written++;
        }

        if (format == Format.Xml)
        {
            var sender = SenderOf(group, kind);
            writer.Begin("BaseTransfer"u8);
            writer.Text("copCode"u8, sender.Code);
            writer.Text("copName"u8, sender.Name);
            writer.Text("dxpMode"u8, "DXP"u8);
            writer.Text("dxpId"u8, "DXPENT0000000001"u8);
            writer.End("BaseTransfer"u8);
            writer.End(message);
        }

        return written;
    }

    /// <summary>Writes one document, and in JSON the end of its line.</summary>
    public void Write(DocumentWriter writer, Kind kind, int group, int number, Edition edition)
    {
        switch (kind)
        {
            case Kind.Order: WriteOrder(writer, group, number, edition); break;
            case Kind.Payment: WritePayment(writer, group, number, edition); break;
            case Kind.Inventory: WriteInventory(writer, group, number, edition); break;
            case Kind.Waybill: WriteWaybill(writer, group, number, edition); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is written by a method of its own.");
        }

        writer.Only(inXml: false, "\n"u8);
    }

    private void WriteOrder(DocumentWriter writer, int group, int number, Edition edition)
    {
        var defect = edition.Defect;
        var (platform, payer) = (SenderOf(group, Kind.Order), SenderOf(group, Kind.Payment));
        var seller = world.Sellers[number % world.Sellers.Count];
        var goods = new Purchase(number);
        var buyer = number % Buyers;
        var name = NameOf(buyer);
        var telephone = TelephoneOf(buyer);
        writer.Only(inXml: true, "<ceb:Order>"u8);
        writer.Begin("OrderHead"u8);
        writer.Text("guid"u8, GuidOf(number, Kind.Order));
        writer.Text("appType"u8, [edition.AppType]);
        writer.Text("appTime"u8, minutes[edition.Minute]);
        writer.Text("appStatus"u8, "2"u8);
        writer.Text("orderType"u8, "I"u8);
        writer.Text("orderNo"u8, edition.IsAstray ? OrderNo(number) + "X" : OrderNo(number));
        writer.Text("ebpCode"u8, platform.Code);
        writer.Text("ebpName"u8, platform.Name);
        writer.Text("ebcCode"u8, seller.Code);
        writer.Text("ebcName"u8, seller.Name);
        writer.Number("goodsValue"u8, goods.Value);
        writer.Number("freight"u8, goods.Freight);
        writer.Number("discount"u8, 0);
        writer.Number("taxTotal"u8, goods.Tax);
        writer.Number("acturalPaid"u8, goods.Paid);
        writer.Text("currency"u8, "142"u8);
        writer.Text("buyerRegNo"u8, telephone);
        writer.Text("buyerName"u8, name);
        writer.Text("buyerTelephone"u8, telephone);
        writer.Text("buyerIdType"u8, "1"u8);
        writer.Text("buyerIdNumber"u8, IdNumberOf(buyer));
        writer.Text("payCode"u8, defect == Defect.PaymentCompany ? world.PaymentCompanies.First(one => one != payer).Code : payer.Code);
        writer.Text("payName"u8, payer.Name);
        writer.Text("payTransactionId"u8, PaymentNo(number) + (defect == Defect.PaymentNumber ? "X" : ""));
        writer.Text("consignee"u8, name);
        writer.Text("consigneeTelephone"u8, telephone);
        writer.Text("consigneeAddress"u8, AddressOf(buyer));
        writer.Only(inXml: true, "</ceb:OrderHead><ceb:OrderList>"u8);
        writer.Only(inXml: false, ",\"orderList\":[{\"gnum\":1"u8);
        writer.Only(inXml: true, "<ceb:gnum>1</ceb:gnum>"u8);
        writer.Text("itemNo"u8, goods.Article.ItemNo);
        writer.Text("itemName"u8, goods.Article.Name);
        writer.Text("gmodel"u8, goods.Article.Model);
        writer.Text("unit"u8, goods.Article.Unit);
        writer.Number("qty"u8, goods.Quantity);
        writer.Number("price"u8, goods.Article.Price);
        writer.Number("totalPrice"u8, goods.Value);
        writer.Text("currency"u8, "142"u8);
        writer.Text("country"u8, goods.Article.Country);
        writer.Only(inXml: true, "</ceb:OrderList></ceb:Order>"u8);
        writer.Only(inXml: false, "}]}"u8);
    }

    private void WritePayment(DocumentWriter writer, int group, int number, Edition edition)
    {
        var defect = edition.Defect;
        var paidAt = minutes[1 + edition.Minute];
        var (platform, payer) = (SenderOf(group, Kind.Order), SenderOf(group, Kind.Payment));
        var buyer = defect == Defect.BuyerIsNotPayer ? (number + 1) % Buyers : number % Buyers;
        writer.Only(inXml: true, "<ceb:Payment>"u8);
        writer.Begin("PaymentHead"u8);
        writer.Text("guid"u8, GuidOf(number, Kind.Payment));
        writer.Text("appType"u8, [edition.AppType]);
        writer.Text("appTime"u8, paidAt);
        writer.Text("appStatus"u8, "2"u8);
        writer.Text("payCode"u8, payer.Code);
        writer.Text("payName"u8, payer.Name);
        writer.Text("payTransactionId"u8, PaymentNo(number));
        writer.Text("orderNo"u8, edition.IsAstray ? OrderNo(number) + "X" : OrderNo(number));
        writer.Text("ebpCode"u8, platform.Code);
        writer.Text("ebpName"u8, defect == Defect.PlatformName ? platform.Name + "商城" : platform.Name);
        writer.Text("payerIdType"u8, "1"u8);
        writer.Text("payerIdNumber"u8, IdNumberOf(buyer));
        writer.Text("payerName"u8, NameOf(buyer));
        writer.Number("amountPaid"u8, new Purchase(number).Paid - (defect == Defect.PaidAmount ? 1.5m : 0));
        writer.Text("currency"u8, "142"u8);
        writer.Text("payTime"u8, paidAt);
        writer.End("PaymentHead"u8);
        writer.Only(inXml: true, "</ceb:Payment>"u8);
    }

    private void WriteWaybill(DocumentWriter writer, int group, int number, Edition edition)
    {
        var defect = edition.Defect;
        var carrier = SenderOf(group, Kind.Waybill);
        var goods = new Purchase(number);
        var buyer = number % Buyers;
        var other = (number + 1) % Buyers;
        writer.Only(inXml: true, "<ceb:Logistics>"u8);
        writer.Begin("LogisticsHead"u8);
        writer.Text("guid"u8, GuidOf(number, Kind.Waybill));
        writer.Text("appType"u8, [edition.AppType]);
        writer.Text("appTime"u8, minutes[30 + edition.Minute]);
        writer.Text("appStatus"u8, "2"u8);
        writer.Text("logisticsCode"u8, carrier.Code);
        writer.Text("logisticsName"u8, carrier.Name);
        writer.Text("logisticsNo"u8, string.Create(CultureInfo.InvariantCulture, $"W{run}{number:00000000}"));
        writer.Text("orderNo"u8, edition.IsAstray ? OrderNo(number) + "X" : OrderNo(number));
        writer.Number("freight"u8, goods.Freight);
        writer.Number("insuredFee"u8, 0);
        writer.Text("currency"u8, "142"u8);
        writer.Number("weight"u8, goods.Article.WeightKg * goods.Quantity);
        writer.Number("packNo"u8, 1);
        writer.Text("consignee"u8, defect == Defect.ConsigneeName ? NameOf(other) + "某" : NameOf(buyer));
        writer.Text("consigneeAddress"u8, defect == Defect.ConsigneeAddress ? AddressOf(other) : AddressOf(buyer));
        writer.Text("consigneeTelephone"u8, defect == Defect.ConsigneeTelephone ? TelephoneOf(other) : TelephoneOf(buyer));
        writer.End("LogisticsHead"u8);
        writer.Only(inXml: true, "</ceb:Logistics>"u8);
    }

    /// <summary>In JSON; with a defect one piece more than was ordered. Some take their goods from a bonded account.</summary>
    private void WriteInventory(DocumentWriter writer, int group, int number, Edition edition)
    {
        var (platform, carrier, declarant) = (SenderOf(group, Kind.Order), SenderOf(group, Kind.Waybill), SenderOf(group, Kind.Inventory));
        var seller = world.Sellers[number % world.Sellers.Count];
        var goods = new Purchase(number);
        var quantity = goods.Quantity + (edition.Defect == Defect.None ? 0 : 1);
        var buyer = number % Buyers;
        var account = AccountOf(number);
        writer.Begin("InventoryHead"u8);
        writer.Text("guid"u8, GuidOf(number, Kind.Inventory));
        writer.Text("appType"u8, [edition.AppType]);
        writer.Text("appTime"u8, minutes[20 + edition.Minute]);
        writer.Text("appStatus"u8, "2"u8);
        writer.Text("orderNo"u8, OrderNo(number));
        writer.Text("ebpCode"u8, platform.Code);
        writer.Text("ebpName"u8, platform.Name);
        writer.Text("ebcCode"u8, seller.Code);
        writer.Text("ebcName"u8, seller.Name);
        writer.Text("logisticsNo"u8, string.Create(CultureInfo.InvariantCulture, $"W{run}{number:00000000}"));
        writer.Text("logisticsCode"u8, carrier.Code);
        writer.Text("logisticsName"u8, carrier.Name);
        writer.Text("copNo"u8, string.Create(CultureInfo.InvariantCulture, $"C{run}{number:00000000}"));
        writer.Text("assureCode"u8, platform.Code);
        writer.Text("ieFlag"u8, "I"u8);
        writer.Text("declTime"u8, minutes[20].AsSpan(0, 8));
        writer.Text("customsCode"u8, "3105"u8);
        writer.Text("portCode"u8, "3105"u8);
        writer.Text("buyerIdType"u8, "1"u8);
        writer.Text("buyerIdNumber"u8, IdNumberOf(buyer));
        writer.Text("buyerName"u8, NameOf(buyer));
        writer.Text("buyerTelephone"u8, TelephoneOf(buyer));
        writer.Text("consigneeAddress"u8, AddressOf(buyer));
        writer.Text("agentCode"u8, declarant.Code);
        writer.Text("agentName"u8, declarant.Name);
        writer.Text("tradeMode"u8, account is null ? "9610"u8 : "1210"u8);
        if (account is not null)
        {
            writer.Text("emsNo"u8, account);
            writer.Text("areaCode"u8, carrier.Code);
            writer.Text("areaName"u8, carrier.Name);
        }

        writer.Text("trafMode"u8, "5"u8);
        writer.Text("trafNo"u8, "B-0001"u8);
        writer.Text("voyageNo"u8, "SD001"u8);
        writer.Text("billNo"u8, "B001"u8);
        writer.Text("country"u8, "116"u8);
        writer.Number("freight"u8, goods.Freight);
        writer.Number("insuredFee"u8, 0);
        writer.Text("currency"u8, "142"u8);
        writer.Number("packNo"u8, 1);
        writer.Number("grossWeight"u8, goods.Article.WeightKg * quantity);
        writer.Number("netWeight"u8, goods.Article.WeightKg * quantity);
        writer.Only(inXml: false, ",\"inventoryList\":[{\"gnum\":1"u8);
        if (account is not null)
        {
            writer.Text("itemRecordNo"u8, goods.Article.ItemNo);
        }

        writer.Text("gcode"u8, goods.Article.HsCode);
        writer.Text("gname"u8, goods.Article.Name);
        writer.Text("gmodel"u8, goods.Article.Model);
        writer.Text("country"u8, goods.Article.Country);
        writer.Text("currency"u8, "142"u8);
        writer.Number("qty"u8, quantity);
        writer.Text("unit"u8, goods.Article.Unit);
        writer.Number("qty1"u8, goods.Article.LegalQuantity * quantity);
        writer.Text("unit1"u8, goods.Article.LegalUnit);
        writer.Number("price"u8, goods.Article.Price);
        writer.Number("totalPrice"u8, goods.Article.Price * quantity);
        writer.Only(inXml: false, "}]}"u8);
    }

    private string PaymentNo(int number) => string.Create(CultureInfo.InvariantCulture, $"P{run}{number:00000000}");

    private static byte[] GuidOf(int number, Kind kind, bool isMessage = false) => System.Text.Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{(int)kind:X8}-0000-4000-{(isMessage ? 9 : 8)}000-{number:X12}"));

    private static string NameOf(int buyer) => string.Create(3, buyer, (name, of) =>
    {
        name[0] = Surnames[of % Surnames.Length];
        name[1] = GivenNames[of / Surnames.Length % GivenNames.Length];
        name[2] = GivenNames[of / (Surnames.Length * GivenNames.Length) % GivenNames.Length];
    });

    /// <summary>Region, birthday, serial number and check digit (GB 11643-1999, ISO 7064 MOD 11-2); no two buyers share one.</summary>
    private static string IdNumberOf(int buyer) => string.Create(18, buyer, (digits, of) =>
    {
        Regions[of % 7].CopyTo(digits);
        new DateOnly(1960, 1, 1).AddDays(of / 7 % 15_000).TryFormat(digits[6..], out _, "yyyyMMdd", CultureInfo.InvariantCulture);
        (of / 105_000 % 1000).TryFormat(digits[14..], out _, "000", CultureInfo.InvariantCulture);
        var sum = 0;
        for (var at = 0; at < 17; at++)
        {
            sum += (digits[at] - '0') * Weights[at];
        }

        digits[17] = "10X98765432"[sum % 11];
    });

    /// <summary>No two buyers share one, and none looks like a number that is written for another reason.</summary>
    private static string TelephoneOf(int buyer) =>
        string.Create(CultureInfo.InvariantCulture, $"1{3 + buyer % 7}{(buyer / 7 * 7_919L + 123_456_789) % 1_000_000_000:000000000}");

    private static string AddressOf(int buyer) => string.Create(
        CultureInfo.InvariantCulture, $"{Cities[buyer % Cities.Length]}幸福路{buyer % 998 + 1}号{buyer / 998 % 39 + 1}栋{101 + buyer / 38_922}室");

    /// <summary>Spreads numbers evenly (SplitMix64).</summary>
    /// <summary>Of SplitMix64: numbers that lie side by side give what has nothing to do with each other.</summary>
    public static ulong Mixed(ulong number)
    {
        unchecked
        {
            number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
            number = (number ^ number >> 27) * 0x94D049BB133111EB;
            return number ^ number >> 31;
        }
    }

    private static int Hash(int number)
    {
        unchecked
        {
            return (int)(Mixed(((ulong)Seed << 32 | (uint)number) * 0x9E3779B97F4A7C15) & int.MaxValue);
        }
    }

    private readonly struct Purchase(int number)
    {
        public Article Article => Goods.Shop[number % Goods.Shop.Count];
        public int Quantity => number % 3 == 0 ? 2 : 1;
        public decimal Value => Article.Price * Quantity;
        public decimal Freight => Value >= 200 ? 0m : 15m;
        public decimal Tax => Math.Round((Value + Freight) * Article.Rate, 2, MidpointRounding.AwayFromZero);
        public decimal Paid => Value + Freight + Tax;
    }
}
