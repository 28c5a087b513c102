using System.Reflection;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Tests;
using Sandan.Customs.Declarations;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Tests;

/// <summary>What customs hold against a message that its reader takes: rules between fields.</summary>
public sealed class GoldenTests
{
    private static readonly Dictionary<string, Func<CebDocument, IReadOnlyList<FieldError>>> Kinds = new()
    {
        ["CEB213"] = new ExportReturnKind().Check,
        ["CEB215"] = new TallyKind().Check,
        ["CEB507"] = new ArrivalKind().Check,
        ["CEB509"] = new DepartureKind().Check,
        ["CEB603"] = new ExportInventoryKind().Check,
        ["CEB605"] = new ExportCancellationKind().Check,
        ["CEB607"] = new ManifestKind().Check,
        ["CEB621"] = new InventoryKind().Check,
        ["CEB623"] = new CancellationKind().Check,
        ["CEB625"] = new ReturnKind().Check,
        ["CEB701"] = new SummaryKind().Check,
    };

    public static TheoryData<string> Types => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_good_message_lacks_nothing_and_a_broken_one_is_told_what_is_wrong_and_nothing_else(string type)
    {
        var golden = GoldenMessage.Of(type);
        Assert.Empty(Told(golden));
        Assert.All(golden.BetweenFields, fault => Assert.Equal(fault.Told, Told(golden, fault)));
    }

    [Fact]
    public void Every_rule_between_fields_is_broken_once()
    {
        Assert.All(GoldenMessage.All.Where(golden => golden.BetweenFields.Count > 0), golden => Assert.Contains(golden.Message.Type, Kinds.Keys));
        string[] ofSenderAndPlace =
        [
            IntakeErrorCodes.OtherCompany, IntakeErrorCodes.OtherExchangeUser, IntakeErrorCodes.SignatureFailed,
            IntakeErrorCodes.SignatureMissing, IntakeErrorCodes.SignatureUnchecked, IntakeErrorCodes.ForcedOutcomeUnknown,
        ];
        var all = typeof(IntakeErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        var broken = GoldenMessage.All.SelectMany(golden => golden.BetweenFields).SelectMany(fault => fault.Told).Select(told => told.Split(' ')[0]);
        Assert.Empty(all.Except(ofSenderAndPlace).Except(broken));
    }

    private static IEnumerable<string> Told(GoldenMessage golden, GoldenFault? fault = null)
    {
        var item = Assert.Single(new CebXmlReader([golden.Message]).Read(golden.Bytes(fault)).Items);
        Assert.Empty(item.Errors);
        return Kinds[golden.Message.Type](item.Document!).Select(error => $"{error.Code} {error.Pointer}");
    }
}
