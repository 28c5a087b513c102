using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake;

namespace Sandan.Payment.OriginalData;

/// <summary>
/// Reads payExchangeInfoHead and payExchangeInfoLists by the field table of the announcement: what a platform deposits and what it
/// uploads keep the same rules. Source: GACC 2018-179, interface standard.
/// </summary>
internal static class OriginalPaymentReader
{
    public const string Head = "payExchangeInfoHead";
    public const string Lists = "payExchangeInfoLists";

    /// <summary>What a platform deposits: the two members and nothing else. ebpCode and guid may be left out.</summary>
    /// <param name="company">Of the key: ebpCode where it is left out, and nothing else may stand there.</param>
    /// <param name="guid">Stands in where it is left out.</param>
    /// <returns>Null where there are errors.</returns>
    public static OriginalPayment? ReadDeposit(JsonElement body, string company, string guid, List<FieldError> errors) =>
        Read(new(body, "", errors, Head, Lists), (company, guid), errors);

    /// <summary>What a platform uploads: the two members among others.</summary>
    /// <returns>Null where there are errors.</returns>
    public static OriginalPayment? ReadUpload(MemberReader message, List<FieldError> errors) => Read(message, null, errors);

    private static OriginalPayment? Read(MemberReader message, (string EbpCode, string Guid)? given, List<FieldError> errors)
    {
        var head = message.Value(Head, mandatory: true) is { } one ? ReadHead(one, given, errors) : null;
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        var orders = message.List(Lists, (order, pointer) => ReadOrder(order, pointer, numbers, errors));
        return errors.Count == 0 ? new(head!, orders!) : null;
    }

    private static PaymentHead ReadHead(JsonElement head, (string EbpCode, string Guid)? given, List<FieldError> errors)
    {
        var at = new MemberReader(
            head, "/" + Head, errors, "guid", "initalRequest", "initalResponse", "ebpCode", "payCode", "payTransactionId", "totalAmount", "currency",
            "verDept", "payType", "tradingTime", "note");
        var guid = at.Text("guid", 36, mandatory: given is null);
        var ebpCode = at.Text("ebpCode", 18, mandatory: given is null);
        if (given is { EbpCode: var own } && ebpCode is not null && !string.Equals(ebpCode, own, StringComparison.OrdinalIgnoreCase))
        {
            at.Add("ebpCode", IntakeErrorCodes.OtherCompany, own, Masking.Stray(ebpCode));
        }

        return new(
            string.IsNullOrEmpty(guid) && given is not null ? given.Value.Guid : guid!,
            at.Text("initalRequest", 8000, raw: true)!,
            at.Text("initalResponse", 8000, raw: true)!,
            given?.EbpCode ?? ebpCode!,
            at.Text("payCode", 18)!,
            at.Text("payTransactionId", 60)!,
            at.Amount("totalAmount") ?? 0,
            at.OneOf("currency", mandatory: true, "142")!,
            at.OneOf("verDept", mandatory: true, "1", "2", "3")!,
            at.OneOf("payType", mandatory: false, "1", "2", "3", "4"),
            at.Time("tradingTime")!,
            at.Text("note", 1000, mandatory: false, raw: true));
    }

    private static PaidOrder ReadOrder(JsonElement order, string pointer, HashSet<string> numbers, List<FieldError> errors)
    {
        var at = new MemberReader(order, pointer, errors, "orderNo", "goodsInfo", "recpAccount", "recpCode", "recpName");
        var orderNo = at.Text("orderNo", 60);
        if (orderNo is not null && !numbers.Add(orderNo))
        {
            at.Add("orderNo", OriginalDataCodes.OrderRepeated, null, Masking.Stray(orderNo));
        }

        return new(
            orderNo!,
            at.List("goodsInfo", (good, place) =>
            {
                var member = new MemberReader(good, place, errors, "gname", "itemLink");
                return new GoodsInfo(member.Text("gname", 250)!, member.Text("itemLink", 3000)!);
            })!,
            at.Text("recpAccount", 60)!,
            at.Text("recpCode", 18, mandatory: false),
            at.Text("recpName", 100)!);
    }
}
