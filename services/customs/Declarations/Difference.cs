using Sandan.Contracts.Codes;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Declarations;

/// <summary>Where an inventory differs from what holds its goods: a warning, which decides nothing.</summary>
/// <param name="Field">Of the inventory; absent where no field differs.</param>
/// <param name="Inventory">What the inventory says.</param>
/// <param name="Found">What the other side says.</param>
internal sealed record Difference(string Code, Localized Text, Localized? Fix, string? Field, string? Inventory, string? Found)
{
    public static Difference Of(string code, string? field = null, string? inventory = null, string? found = null) =>
        new(code, Explained.TextOf(code), Explained.FixOf(code), field, inventory, found);
}
