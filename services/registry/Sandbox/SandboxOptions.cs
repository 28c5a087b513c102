using System.ComponentModel.DataAnnotations;

namespace Sandan.Registry.Sandbox;

/// <summary>Section <c>Sandbox</c>; read in a sandbox only.</summary>
public sealed class SandboxOptions
{
    /// <summary>Tenants made within 24 hours at most, by whomever. Default 1,000.</summary>
    [Range(0, 1_000_000)]
    public int TenantsPerDayMax { get; init; } = 1_000;
}
