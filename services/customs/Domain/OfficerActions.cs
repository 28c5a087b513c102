using Sandan.Contracts.Codes;

namespace Sandan.Customs.Domain;

/// <summary>What an officer can do.</summary>
internal enum OfficerAction
{
    /// <summary>放行.</summary>
    Release,

    /// <summary>转人工审核.</summary>
    Hold,

    /// <summary>查验.</summary>
    Inspect,

    /// <summary>人工退单.</summary>
    Reject,
}

/// <summary>Which action is possible in which state, what it leads to and what code it carries.</summary>
/// <param name="From">The states in which it is possible.</param>
internal sealed record Transition(OfficerAction Action, IReadOnlyList<ReturnStatus> From, ReturnStatus To, string Code);

/// <summary>The officers' actions: one table. 100 and 800 are in no row: they are settled.</summary>
internal static class OfficerActions
{
    public static readonly IReadOnlyList<Transition> Table =
    [
        // Not from 120: there the tax is not assessed yet, or the documents are incomplete.
        new(
            OfficerAction.Release,
            [ReturnStatus.Held, ReturnStatus.Inspection],
            ReturnStatus.Released,
            OfficialCodes.CustomsReleased),
        new(OfficerAction.Hold, [ReturnStatus.Stored], ReturnStatus.Held, OfficialCodes.CustomsAwaitsReview),
        new(
            OfficerAction.Inspect,
            [ReturnStatus.Stored, ReturnStatus.Held],
            ReturnStatus.Inspection,
            ClearanceCodes.InspectionOrdered),
        new(
            OfficerAction.Reject,
            [ReturnStatus.Stored, ReturnStatus.Held, ReturnStatus.Inspection],
            ReturnStatus.Rejected,
            OfficialCodes.CustomsRejectedByHand),
    ];

    /// <summary>The action by its name in a request, <c>release</c> …; null for another name.</summary>
    public static OfficerAction? Parse(string? name) => name switch
    {
        "release" => OfficerAction.Release,
        "hold" => OfficerAction.Hold,
        "inspect" => OfficerAction.Inspect,
        "reject" => OfficerAction.Reject,
        _ => null,
    };

    /// <summary>What the action leads to; null where the state does not allow it.</summary>
    /// <param name="status">The present state; null where nothing was ever decided.</param>
    public static Transition? Find(OfficerAction action, ReturnStatus? status) =>
        status is { } from ? Table.SingleOrDefault(one => one.Action == action && one.From.Contains(from)) : null;

    /// <summary>Code of the reason why the action is not possible; null where it is.</summary>
    /// <param name="taxAssessed">
    /// True where tax of the present revision is there, with whatever route: an officer may release what tax holds, but
    /// nothing of which tax does not know.
    /// </param>
    public static string? Refusal(OfficerAction action, ReturnStatus? status, bool taxAssessed) =>
        Find(action, status) is null ? RequestCodes.ActionNotPossible
        : action == OfficerAction.Release && !taxAssessed ? ClearanceCodes.TaxNotAssessed
        : null;
}
