using System.Text.Json;
using System.Text.Json.Nodes;
using Sandan.Contracts;
using Sandan.Payment.OriginalData;

namespace Sandan.Payment.Tests;

/// <summary>Deposits as platforms make them, and payments as they are declared.</summary>
internal static class Given
{
    public const string Platform = "3302960001";
    public const string Guid = "01A20058-2FF2-742F-9BB9-2FCB8988B2B4";

    /// <summary>The golden example.</summary>
    public static JsonObject Deposit() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples/original-payment.json")))!.AsObject();

    public static JsonObject Head(this JsonObject deposit) => deposit["payExchangeInfoHead"]!.AsObject();

    public static JsonObject Order(this JsonObject deposit, int at = 0) => deposit["payExchangeInfoLists"]![at]!.AsObject();

    public static OriginalPayment Payment(JsonObject? deposit = null)
    {
        var errors = new List<FieldError>();
        var read = Read(deposit ?? Deposit(), errors);
        Assert.Empty(errors);
        return read!;
    }

    public static OriginalPayment? Read(JsonNode? deposit, List<FieldError> errors)
    {
        using var document = JsonDocument.Parse(deposit?.ToJsonString() ?? "null");
        return OriginalPaymentReader.ReadDeposit(document.RootElement, Platform, Guid, errors);
    }
}
