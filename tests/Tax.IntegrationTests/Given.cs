using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Tax.IntegrationTests;

/// <summary>Events for the tests. Names are new with every call of <see cref="New"/>.</summary>
internal static class Given
{
    public const string Platform = "3301960PLT";
    public const string Seller = "3301968SEL";
    public const string Shampoo = "3305100090";  // VAT 13 %, no consumption tax: 9.1 % inside the limits
    public const string SkinCare = "3304990039"; // consumption tax from 10 CNY/g on: needs a legal quantity
    public const string Sugar = "1701991010";    // 2 kg a person and year

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    public static string New(string what) => $"{what}-{Guid.CreateVersion7():N}";

    public static ConsignmentJudged Matched(
        string orderNo, string person, string item, decimal value, int revision = 1, SupervisionMode? mode = SupervisionMode.B2CBonded) =>
        Matched(orderNo, person, [(item, value)], revision, mode);

    public static ConsignmentJudged Matched(
        string orderNo, string person, (string Item, decimal Value)[] lines, int revision = 1,
        SupervisionMode? mode = SupervisionMode.B2CBonded) =>
        Judged(orderNo, revision, ConsignmentState.Matched) with
        {
            Mode = mode,
            Goods = new(person, lines.Sum(line => line.Value), 0, 0,
            [
                .. lines.Select((line, at) => new GoodsItem
                {
                    LineNo = at + 1, ItemNo = line.Item, ItemName = "goods", Unit = "011", Quantity = 1,
                    Price = line.Value, TotalPrice = line.Value, Country = "116",
                }),
            ]),
        };

    public static ConsignmentJudged Judged(string orderNo, int revision, ConsignmentState state) => new()
    {
        PlatformCode = Platform, OrderNo = orderNo, Revision = revision, State = state, JudgedAt = Noon,
        RulesVersion = "test", SellerCode = Seller,
    };

    public static ClearanceDecided Decided(string orderNo, int decision, int revision, int status, int? previous = null) => new()
    {
        PlatformCode = Platform, OrderNo = orderNo, Decision = decision, Revision = revision, Status = status,
        PreviousStatus = previous, Code = "R05", DecidedAt = Noon, DecidedBy = "rules", SellerCode = Seller,
    };

    public static GoodsFiling Filed(
        string item, string hs = Shampoo, int version = 1, string? legalUnit = null, decimal? legalQuantity = null) =>
        new(Seller, item, hs, "goods", "011", legalUnit, legalQuantity, null, "116", version);
}
