using System.Text.Json;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Registry.Domain;

/// <summary>What a seller files for one article (备案). Member names in JSON are the official ones of CEB621.</summary>
/// <param name="SellerCode">ebcCode.</param>
/// <param name="ItemNo">The seller's article number, as in the order line; at most 30 characters.</param>
/// <param name="HsCode">gcode: ten digits.</param>
/// <param name="Name">gname: at most 250 characters.</param>
/// <param name="Model">gmodel: at most 510 characters.</param>
/// <param name="Unit">Declared unit: three digits.</param>
/// <param name="LegalUnit">unit1: first legal unit of the HS code, three digits (035 kg, 095 litre, 011 piece).</param>
/// <param name="LegalQuantityPerUnit">qty1PerUnit: legal units in one declared unit.</param>
/// <param name="NetWeightKgPerUnit">Kilograms in one declared unit.</param>
/// <param name="OriginCountry">country: customs numeric code or ISO alpha-3.</param>
internal sealed record Filing(
    string SellerCode,
    string ItemNo,
    string HsCode,
    string Name,
    string? Model,
    string Unit,
    string? LegalUnit,
    decimal? LegalQuantityPerUnit,
    decimal? NetWeightKgPerUnit,
    string OriginCountry)
{
    private static readonly Filing Unread = new("", "", "", "", null, "", null, null, null, "");

    /// <summary>What identifies a filing.</summary>
    public (string SellerCode, string ItemNo) Key => (SellerCode, ItemNo);

    /// <summary>Reads a filing that <paramref name="caller"/> sends; all that is wrong with it comes at once.</summary>
    public static Item<Filing> Read(JsonElement? json, int index, Caller caller)
    {
        var reader = new ItemReader(
            json,
            "ebcCode", "itemNo", "gcode", "gname", "gmodel", "unit", "unit1", "qty1PerUnit", "netWeightKgPerUnit", "country");
        if (!reader.IsObject)
        {
            return new(index, Unread, reader.Errors);
        }

        var filing = new Filing(
            reader.Code("ebcCode", mandatory: true, Company.IsCode, "C10 | C18: 0-9 A-Z") ?? "",
            reader.Text("itemNo", mandatory: true, 30) ?? "",
            reader.Code("gcode", mandatory: true, text => text.Length == 10 && text.All(char.IsAsciiDigit), "N10") ?? "",
            reader.Text("gname", mandatory: true, 250) ?? "",
            reader.Text("gmodel", mandatory: false, 510),
            reader.Code("unit", mandatory: true, IsUnit, "C3: 0-9") ?? "",
            reader.Code("unit1", mandatory: false, IsUnit, "C3: 0-9"),
            reader.Amount("qty1PerUnit"),
            reader.Amount("netWeightKgPerUnit"),
            reader.Code("country", mandatory: true, IsCountry, "C3: 0-9 | A-Z") ?? "");
        if (caller.Role == Roles.Seller && Company.IsCode(filing.SellerCode) && filing.SellerCode != caller.Company)
        {
            reader.Add("/ebcCode", RegistryCodes.NotYourGoods, caller.Company, filing.SellerCode);
        }

        if (filing is { LegalQuantityPerUnit: not null, LegalUnit: null })
        {
            reader.Add("/unit1", RegistryCodes.QuantityWithoutUnit);
        }

        return new(index, filing, reader.Errors);
    }

    private static bool IsUnit(string text) => text.Length == 3 && text.All(char.IsAsciiDigit);

    private static bool IsCountry(string text) =>
        text.Length == 3 && (text.All(char.IsAsciiDigit) || text.All(char.IsAsciiLetterUpper));
}
