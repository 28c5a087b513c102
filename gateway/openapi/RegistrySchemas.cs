using System.Globalization;
using System.Text.Json.Nodes;
using Sandan.Shared.Security;
using static Sandan.Gateway.OpenApi.Json;
using static Sandan.Gateway.OpenApi.Schemas;

namespace Sandan.Gateway.OpenApi;

/// <summary>The schemas of what the registry keeps: companies, their keys and certificates, goods as they are filed.</summary>
internal static class RegistrySchemas
{
    private static readonly string[] Modes = ["1210", "1239", "9610"];

    public static JsonObject NewCompany() => Object(
        "A company, as the operator registers it.",
        ("code", CompanyCode("Customs registration number (10) or unified social credit code (18).")),
        ("name", Sized(Type("string"), 1, 100)),
        ("roles", With(List(Type("string", null, [.. Roles.All])), "minItems", 1)),
        ("tradeMode", new()
        {
            ["type"] = Strings("integer", "string"),
            ["enum"] = new JsonArray([.. Modes.Select(mode => (JsonNode)int.Parse(mode, CultureInfo.InvariantCulture)), .. Modes.Select(mode => (JsonNode)mode)]),
            ["description"] = "监管方式, the mode that a seller files for its goods.",
        }),
        ("note", With(Type("string"), "maxLength", 1000))).Required("code", "name", "roles").Closed();

    public static JsonObject Company() => Object(
        "A company of the zone.",
        ("code", CompanyCode("Code.")),
        ("name", Type("string")),
        ("roles", List(Type("string", null, [.. Roles.All]))),
        ("tradeMode", Type("integer", "Supervision mode that the seller filed.")),
        ("note", Type("string")),
        ("version", Type("integer", "Counts the changes, from 1.")),
        ("changedAt", Time("Last change.")));

    public static JsonObject NewKey() => Object(
        "What the key is for.",
        ("role", Type("string", "One of the company's roles.", [.. Roles.All])),
        ("environment", With(
            Type("string", "In a sandbox only sandbox, and that by default; elsewhere never.", ApiKey.Live, ApiKey.Test, ApiKey.Sandbox), "default", ApiKey.Live)),
        ("note", With(Type("string"), "maxLength", 1000))).Required("role").Closed();

    public static JsonObject ShownKey() => Object(
        "The key. It is shown this once and cannot be had again.",
        ("id", Type("string", "May be shown and logged.")),
        ("key", Type("string", "sdn_<environment>_<id>_<secret>"))).Required("id", "key");

    public static JsonObject Key() => Object(
        "A key without its secret.",
        ("id", Type("string")),
        ("role", Type("string")),
        ("environment", Type("string")),
        ("note", Type("string")),
        ("createdAt", Time("When it was made.")),
        ("revokedAt", Time("Since when it opens nothing; absent while it is in force.")));

    public static JsonObject NewCertificate() => Object(
        "A certificate by which a company signs its messages.",
        ("certificate", With(Type("string", "X.509 of RSA or SM2: PEM, or DER in base64. Never its private key."), "maxLength", 10_000)),
        ("note", With(Type("string"), "maxLength", 1000))).Required("certificate").Closed();

    public static JsonObject RegisteredCertificate() => Object("A certificate that is registered.", CertificateMembers());

    public static JsonObject Certificate() => Object(
        "A certificate as it is kept.",
        [
            .. CertificateMembers(),
            ("pem", Type("string")),
            ("note", Type("string")),
            ("registeredAt", Time("When it was registered.")),
            ("revokedAt", Time("Since when it proves nothing; absent while it is in force.")),
        ]);

    public static JsonObject NewGoods() => With(NewGoodsMembers("What a seller files for one article (备案)."), "title", "商品备案")
        .Required("ebcCode", "itemNo", "gcode", "gname", "unit", "country").Closed();

    public static JsonObject Goods() => With(NewGoodsMembers("Goods as filed."), "title", "商品备案");

    private static (string, JsonObject)[] CertificateMembers() =>
    [
        ("id", Type("string", "From the SHA-256 of its bytes.")),
        ("serialNumber", Type("string", "Hexadecimal: KeyName of its signatures.")),
        ("algorithm", Type("string", null, "RSA", "SM2")),
        ("notBefore", Time("In force from then on.")),
        ("notAfter", Time("… and up to then.")),
    ];

    private static JsonObject NewGoodsMembers(string description) => Object(
        description,
        ("ebcCode", CompanyCode("Seller.")),
        ("itemNo", Sized(Type("string", "The seller's article number, as in the order line."), 1, 30)),
        ("gcode", With(Type("string", "HS code, ten digits."), "pattern", "^[0-9]{10}$")),
        ("gname", Sized(Type("string"), 1, 250)),
        ("gmodel", With(Type("string"), "maxLength", 510)),
        ("unit", With(Type("string", "Declared unit, customs code."), "pattern", "^[0-9]{3}$")),
        ("unit1", With(Type("string", "First legal unit: 035 kg, 095 litre, 011 piece."), "pattern", "^[0-9]{3}$")),
        ("qty1PerUnit", Amount("First legal units in one declared unit.")),
        ("netWeightKgPerUnit", Amount("Kilograms in one declared unit.")),
        ("country", With(Type("string", "Origin: customs number or ISO alpha-3."), "pattern", "^([0-9]{3}|[A-Z]{3})$")));

    private static JsonObject Amount(string description) => new()
    {
        ["type"] = Strings("number", "string"),
        ["exclusiveMinimum"] = 0,
        ["pattern"] = "^[0-9]{1,14}(\\.[0-9]{1,5})?$",
        ["description"] = description,
    };
}
