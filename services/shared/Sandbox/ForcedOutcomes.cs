using Sandan.Contracts;

namespace Sandan.Shared.Sandbox;

/// <summary>What senders ask for by their order numbers; outside a sandbox nobody can ask for anything.</summary>
public sealed class ForcedOutcomes(bool isSandbox)
{
    /// <summary>False where <see cref="Of"/> always says <see cref="ForcedOutcome.None"/>.</summary>
    public bool IsSandbox { get; } = isSandbox;

    /// <summary>Of an order number.</summary>
    public ForcedOutcome Of(string? orderNo) => IsSandbox ? ForcedOutcome.Parse(orderNo) : ForcedOutcome.None;
}
