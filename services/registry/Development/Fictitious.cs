using System.Text.Json;
using Sandan.Registry.Domain;
using Sandan.Shared.Security;

namespace Sandan.Registry.Development;

/// <summary>Companies and goods that exist on paper only, from the JSON files beside this one.</summary>
internal static class Fictitious
{
    /// <summary>The parties that documents name.</summary>
    public static readonly string[] Parties = [Roles.Platform, Roles.Seller, Roles.Payment, Roles.Logistics, Roles.Declarant, Roles.Warehouse];

    /// <summary>Each with one role.</summary>
    public static List<Company> Companies() => Load("companies.json", Company.Read);

    /// <summary>Those of the seller.</summary>
    public static List<Filing> Goods(Caller who) => Load("goods.json", (json, index) => Filing.Read(json, index, who));

    private static List<T> Load<T>(string name, Func<JsonElement?, int, Item<T>> read)
    {
        using var file = typeof(Fictitious).Assembly.GetManifestResourceStream($"{typeof(Fictitious).Namespace}.{name}")!;
        using var json = JsonDocument.Parse(file);
        return [.. json.RootElement.EnumerateArray().Select((item, index) => read(item, index) is { IsGood: true } good
            ? good.Value
            : throw new InvalidOperationException($"Item {index} of {name} breaks rules."))];
    }
}
