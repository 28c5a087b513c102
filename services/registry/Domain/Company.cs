using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;

namespace Sandan.Registry.Domain;

/// <summary>A company of the zone, as the operator registers it.</summary>
/// <param name="Code">Customs registration number (10) or unified social credit code (18).</param>
/// <param name="Name">Registered name, at most 100 characters (CEB ebpName, ebcName, payName, logisticsName).</param>
/// <param name="Roles">Of <see cref="Sandan.Shared.Security.Roles"/>, sorted, each once.</param>
/// <param name="TradeMode">Supervision mode that a seller files for its goods; null where none.</param>
/// <param name="Note">At most 1,000 characters.</param>
internal sealed record Company(string Code, string Name, string[] Roles, SupervisionMode? TradeMode, string? Note)
{
    private static readonly int[] Modes = [.. Enum.GetValues<SupervisionMode>().Select(mode => (int)mode)];

    /// <summary>Reads a company; all that is wrong with it comes at once.</summary>
    public static Item<Company> Read(JsonElement? json, int index)
    {
        var reader = new ItemReader(json, "code", "name", "roles", "tradeMode", "note");
        if (!reader.IsObject)
        {
            return new(index, new("", "", [], null, null), reader.Errors);
        }

        var company = new Company(
            reader.Code("code", mandatory: true, IsCode, "C10 | C18: 0-9 A-Z") ?? "",
            reader.Text("name", mandatory: true, 100) ?? "",
            reader.SomeOf("roles", Shared.Security.Roles.All),
            (SupervisionMode?)reader.NumberOf("tradeMode", Modes),
            reader.Text("note", mandatory: false, 1000));
        if (company.TradeMode is not null && !company.Roles.Contains(Shared.Security.Roles.Seller))
        {
            reader.Add("/tradeMode", RegistryCodes.ModeOfNoSeller);
        }

        return new(index, company, reader.Errors);
    }

    /// <summary>The form of a company code: 10 or 18 digits and capital letters.</summary>
    public static bool IsCode(string text) =>
        text.Length is 10 or 18 && text.All(letter => char.IsAsciiDigit(letter) || char.IsAsciiLetterUpper(letter));
}
