using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>汇总申请单, by the declarant. Source: CEB specification (2022-05) §2.21, CEB701.</summary>
internal sealed class SummaryKind : IntakeKind<SummaryPart>
{
    private const string Deleted = "3";

    public override CebMessage Message => CebMessage.Summary;

    /// <summary>Each part is a document of its own.</summary>
    public override IReadOnlyList<string> Key { get; } = ["agentCode", "copNo", "msgSeqNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Declarant];

    public override Type Event => typeof(SummariesAccepted);

    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.InventoryExists, OfficialCodes.InventoryNothingToChange, OfficialCodes.InventoryOldData);

    public override FieldError? CheckSender(CebDocument document, Caller caller) => Sender.Check(document, caller, Key[0]);

    public override IReadOnlyList<FieldError> Check(CebDocument document) =>
        [.. DeclarationChecks.Numbers(document, "preNo", "sumNo"), .. DeclarationChecks.Parts(document), .. Period(document)];

    public override SummaryPart Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        return new()
        {
            Document = version,
            DeclarantCode = Sender.Company(document, Key[0]),
            DeclarantNo = document["copNo"]!,
            Part = (int)document.Number(head["msgSeqNo"])!.Value,
            Parts = (int)document.Number(head["msgCount"])!.Value,
            SumNo = numbers!.SumNo,
            Terms = new(
                document["customsCode"]!,
                document["agentName"]!,
                Sender.Company(document, "ebcCode"),
                document["ebcName"]!,
                Sender.Company(document, "declAgentCode"),
                document["declAgentName"]!,
                document.Time(head["startTime"]),
                document.Time(head["endTime"]),
                document["summaryFlag"] == "2",
                document["itemNameFlag"] == "1"),
            InventoryNos = [.. document.Lines.Select(line => line["invtNo"]!).Distinct()],
        };
    }

    public override void Publish(UnitOfWork unit, IReadOnlyList<SummaryPart> accepted) => unit.Publish(new SummariesAccepted(accepted));

    /// <summary>A period has both ends; without one, inventories are listed.</summary>
    private static IEnumerable<FieldError> Period(CebDocument document)
    {
        var head = document.Message.Head;
        var (start, end) = (document.TextOrNull("startTime"), document.TextOrNull("endTime"));
        if (start is null != end is null)
        {
            var missing = start is null ? "startTime" : "endTime";
            yield return new($"/{missing}", IntakeErrorCodes.PeriodIncomplete, head[missing].Format, null);
        }
        else if (document.Time(head["endTime"]) < document.Time(head["startTime"]))
        {
            yield return new("/endTime", IntakeErrorCodes.PeriodIncomplete, $">= {start}", end);
        }
        else if (start is null && document.Lines.Count == 0 && document["appType"] != Deleted)
        {
            yield return new($"/{document.Message.LineMember}", IntakeErrorCodes.NothingToSumUp);
        }
    }
}
