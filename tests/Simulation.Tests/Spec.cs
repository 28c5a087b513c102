using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandan.Chaos.Books;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Intake.Domain;

namespace Sandan.Simulation.Tests;

/// <summary>A version of a document as its sender means it.</summary>
/// <param name="Name">Which document.</param>
/// <param name="AppType">1 new, 2 change, 3 withdrawal.</param>
/// <param name="Minute">Of its appTime.</param>
/// <param name="Amount">Of order and payment, CNY.</param>
/// <param name="Person">Buyer, payer or consignee.</param>
internal sealed record Spec(PaperName Name, char AppType, int Minute, string OrderNo, decimal Amount, string Person)
{
    private const string Platform = "P1";
    private const string Bank = "B1";
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset AppTime => Start.AddMinutes(Minute);

    /// <summary>As the intake decides on it; appType and appTime are no content.</summary>
    public IncomingVersion Incoming => new(
        AppType, AppTime, SHA256.HashData(Encoding.UTF8.GetBytes($"{Name} {OrderNo} {Amount} {Person}")), Draft: false);

    /// <summary>As the oracle reads it.</summary>
    public Paper Paper => new(
        Name, AppType, Minute.ToString("0000", CultureInfo.InvariantCulture), OrderNo, Name.Kind == Kind.Waybill ? null : Platform, Facts);

    private Dictionary<string, string> Facts => Name.Kind switch
    {
        Kind.Order => new()
        {
            ["acturalPaid"] = Text(Amount), ["buyerName"] = Person, ["buyerIdNumber"] = Person, ["payCode"] = Bank,
            ["payTransactionId"] = PaymentNo, ["ebpName"] = Platform, ["consignee"] = Person, ["consigneeTelephone"] = Person,
            ["consigneeAddress"] = Person,
        },
        Kind.Payment => new()
        {
            ["amountPaid"] = Text(Amount), ["payerName"] = Person, ["payerIdNumber"] = Person, ["payCode"] = Bank,
            ["payTransactionId"] = Name.Number, ["ebpName"] = Platform,
        },
        _ => new() { ["consignee"] = Person, ["consigneeTelephone"] = Person, ["consigneeAddress"] = Person },
    };

    private string PaymentNo => "T" + OrderNo;

    /// <summary>As the intake tells it.</summary>
    public object Accepted(DocumentVersion version) => Name.Kind switch
    {
        Kind.Order => new OrderAccepted
        {
            Document = version, PlatformCode = Platform, PlatformName = Platform, OrderNo = OrderNo, SellerCode = "S1",
            Mode = SupervisionMode.B2CBonded, GoodsValue = Amount, Freight = 0, TaxTotal = 0, Discount = 0, ActualPaid = Amount,
            Currency = "142", PaymentCompanyCode = Bank, PaymentNo = PaymentNo, BuyerName = Hidden, BuyerId = Hidden, Consignee = Hidden,
            ConsigneeTelephone = Hidden, ConsigneeAddress = Hidden,
            Items =
            [
                new() { LineNo = 1, ItemName = "奶粉", Unit = "011", Quantity = 1, Price = Amount, TotalPrice = Amount, Country = "601" },
            ],
        },
        Kind.Payment => new PaymentAccepted
        {
            Document = version, PaymentCompanyCode = Bank, PaymentNo = Name.Number, PlatformCode = Platform, PlatformName = Platform,
            OrderNo = OrderNo, PayerName = Hidden, PayerId = Hidden, AmountPaid = Amount, Currency = "142", PaidAt = Start,
        },
        _ => new WaybillAccepted
        {
            Document = version, LogisticsCompanyCode = Name.Company, WaybillNo = Name.Number, OrderNo = OrderNo, Freight = 0,
            InsuredFee = 0, Currency = "142", GrossWeightKg = 1, Consignee = Hidden, ConsigneeTelephone = Hidden, ConsigneeAddress = Hidden,
        },
    };

    private Personal Hidden => new(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Person))[..16]), "*");

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>The documents of a consignment, each with up to four versions.</summary>
    public static IEnumerable<Spec[]> Of(string orderNo, Random random)
    {
        foreach (var kind in (Kind[])[Kind.Order, Kind.Payment, Kind.Waybill])
        {
            if (random.Next(12) == 0)
            {
                continue; // it never comes
            }

            var name = kind switch
            {
                Kind.Order => new PaperName(kind, Platform, orderNo),
                Kind.Payment => new(kind, Bank, "T" + orderNo),
                _ => new(kind, "L1", "W" + orderNo),
            };
            var versions = new List<Spec>();
            for (var minute = 1; minute <= 1 + (random.Next(2) * random.Next(4)); minute++)
            {
                var appType = minute == 1 ? '1' : random.Next(6) == 0 ? '3' : '2';
                versions.Add(new(
                    name, appType, minute,
                    kind != Kind.Order && random.Next(6) == 0 ? orderNo + "X" : orderNo,
                    kind != Kind.Waybill && random.Next(5) == 0 ? 10 : 20,
                    random.Next(6) == 0 ? "other" : "buyer"));
                if (appType == '3')
                {
                    break;
                }
            }

            yield return [.. versions];
        }
    }
}
