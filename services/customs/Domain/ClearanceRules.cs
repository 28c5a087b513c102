using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Domain;

/// <summary>The newest verdict of the matcher, as far as it decides.</summary>
/// <param name="MismatchCode">Code of the first discrepancy of severity Mismatch; null where there is none.</param>
/// <param name="RiskSeverity">The worst of its risks; null where there is none.</param>
/// <param name="RiskRule">The first risk rule of that severity.</param>
internal sealed record Verdict(
    int Revision,
    ConsignmentState State,
    string? MismatchCode = null,
    RiskSeverity? RiskSeverity = null,
    string? RiskRule = null);

/// <summary>The newest assessment of tax, as far as it decides.</summary>
/// <param name="Revision">Revision of the verdict that was assessed.</param>
/// <param name="ReasonCode">Code of its first reason, which is the deciding one; null where there is none.</param>
internal sealed record Assessment(int Revision, TaxRoute Route, string? ReasonCode = null);

/// <summary>The decision that stands.</summary>
/// <param name="Revision">Revision of the verdict that it rests on.</param>
internal sealed record Standing(int Revision, ReturnStatus Status, string Code, bool ByOfficer = false);

/// <summary>A decision of the rules.</summary>
/// <param name="Rule">Name of the rule that gave it.</param>
internal sealed record Ruling(ReturnStatus Status, string Code, string Rule);

/// <summary>Decides on a consignment: pure, so that every replica and every repeat decides the same.</summary>
internal static class ClearanceRules
{
    /// <summary>Counts the versions of this list; stored with each decision.</summary>
    public const string Version = "clearance-1";

    /// <summary>The rules in order; the first that has something to say decides.</summary>
    public static readonly IReadOnlyList<ClearanceRule> Ordered =
    [
        // 已放行: 800 is final for the rules (receipt 22007 "the inventory is already released"); a change is recorded.
        new("released-stays", it => it.Standing?.Status != ReturnStatus.Released
            ? null
            : it.IsNewRevision
                ? Outcome.Of(ReturnStatus.Released, ClearanceCodes.ChangedAfterRelease)
                : Outcome.Keep),

        // An officer has seen more than the rules: what an officer decided stands until the documents change.
        new("officer-decided", it => it.Standing is { ByOfficer: true } && !it.IsNewRevision ? Outcome.Keep : null),

        // 退单 stands until a changed document brings a new verdict (receipts: a rejected one may be sent again).
        new("rejected-stays", it => it.Standing is { Status: ReturnStatus.Rejected } && !it.IsNewRevision
            ? Outcome.Keep
            : null),

        // 三单比对不一致 → 退单 (announcement 2018-194: order, payment and waybill must agree; codes 13xx of the receipts).
        new("mismatched", it => it.Verdict.State == ConsignmentState.Mismatched
            ? Outcome.Of(ReturnStatus.Rejected, it.Verdict.MismatchCode ?? ClearanceCodes.MismatchUnexplained)
            : null),

        // Not three agreeing documents: nothing to decide on, and what was decided and is not settled falls.
        new("incomplete", it => it.Verdict.State is not (ConsignmentState.Waiting or ConsignmentState.Ambiguous)
            ? null
            : it.Standing is null or { Status: ReturnStatus.Rejected } or { Code: ClearanceCodes.Withdrawn }
                ? Outcome.Keep
                : Outcome.Of(ReturnStatus.Stored, ClearanceCodes.Withdrawn)),

        // A risk rule of severity Block (R06 payment used twice, R07 waybill used twice): no need to wait for the tax.
        new("risk-block", it => it.Verdict is { RiskSeverity: RiskSeverity.Block, RiskRule: { } rule }
            ? Outcome.Of(ReturnStatus.Rejected, rule)
            : null),

        // 逻辑校验通过, 入库: nothing is released before its tax is assessed; an assessment of other documents does not count.
        new("tax-awaited", it => it.Tax?.Revision != it.Verdict.Revision
            ? Outcome.Of(ReturnStatus.Stored, OfficialCodes.CustomsCheckPassed)
            : null),

        // Not on the positive list, over the single limit …: may not enter in this channel (财关税〔2018〕49号 and the list).
        new("tax-reject", it => it.Tax?.Route == TaxRoute.Reject
            ? Outcome.Of(ReturnStatus.Rejected, it.Tax.ReasonCode ?? ClearanceCodes.TaxRefusalUnexplained)
            : null),

        // Over the annual limit of 26,000 CNY: general trade, another channel (财关税〔2018〕49号; receipt 1313).
        new("general-trade", it => it.Tax?.Route == TaxRoute.GeneralTrade
            ? Outcome.Of(ReturnStatus.Rejected, OfficialCodes.CustomsAnnualLimit)
            : null),

        // Something is missing that must not be guessed: an officer sees it, or a later assessment decides.
        new("tax-held", it => it.Tax?.Route == TaxRoute.Held
            ? Outcome.Of(ReturnStatus.Held, it.Tax.ReasonCode ?? OfficialCodes.CustomsAwaitsReview)
            : null),

        // A risk rule of severity Hold: an officer decides. Watch is recorded and never stops a release.
        new("risk-hold", it => it.Verdict is { RiskSeverity: RiskSeverity.Hold, RiskRule: { } rule }
            ? Outcome.Of(ReturnStatus.Held, rule)
            : null),

        // What an order number asked a sandbox for; nobody is asked elsewhere.
        new("sandbox-hold", it => it.Forced == ForcedDecision.Hold
            ? Outcome.Of(ReturnStatus.Held, OfficialCodes.CustomsAwaitsReview)
            : null),
        new("sandbox-inspect", it => it.Forced == ForcedDecision.Inspect
            ? Outcome.Of(ReturnStatus.Inspection, ClearanceCodes.InspectionOrdered)
            : null),

        // 放行.
        new("release", _ => Outcome.Of(ReturnStatus.Released, OfficialCodes.CustomsReleased)),
    ];

    /// <summary>What is to be decided now; null where what stands, stands.</summary>
    /// <param name="verdict">The newest one.</param>
    /// <param name="tax">The newest one, of whatever revision; null where none came.</param>
    /// <param name="standing">Null where nothing was decided yet.</param>
    /// <param name="forced">What the order number asks of a sandbox.</param>
    public static Ruling? Decide(Verdict verdict, Assessment? tax, Standing? standing, ForcedDecision forced = ForcedDecision.None)
    {
        var matter = new ClearanceMatter(verdict, tax, standing, forced);
        foreach (var rule in Ordered)
        {
            if (rule.Check(matter) is not { } outcome)
            {
                continue;
            }

            var isRepeat = outcome.Status is not { } status
                || (!matter.IsNewRevision && standing?.Status == status && standing.Code == outcome.Code);
            return isRepeat ? null : new(outcome.Status!.Value, outcome.Code, rule.Name);
        }

        throw new InvalidOperationException("The last rule always decides.");
    }
}

/// <summary>What a rule looks at.</summary>
internal sealed record ClearanceMatter(Verdict Verdict, Assessment? Tax, Standing? Standing, ForcedDecision Forced)
{
    /// <summary>
    /// True where the verdict is newer than the one that the standing decision rests on, or nothing stands.
    /// </summary>
    public bool IsNewRevision => Standing is null || Verdict.Revision > Standing.Revision;
}

/// <summary>A rule: its name in the history, and what it says; null where it does not apply.</summary>
internal sealed record ClearanceRule(string Name, Func<ClearanceMatter, Outcome?> Check);

/// <summary>What a rule says.</summary>
internal sealed record Outcome(ReturnStatus? Status, string Code)
{
    /// <summary>What stands, stands.</summary>
    public static readonly Outcome Keep = new(null, "");

    public static Outcome Of(ReturnStatus status, string code) => new(status, code);
}
