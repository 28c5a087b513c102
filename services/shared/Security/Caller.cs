using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sandan.Shared.Security;

/// <summary>Who sends a request, as the gateway found out from the key; never from the body.</summary>
/// <param name="Client">Id of the API client, for logs and audit.</param>
/// <param name="Company">Customs code of its company.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
public sealed record Caller(string Client, string Company, string Role)
{
    /// <summary>Header between gateway and services; removed from what comes in from outside.</summary>
    public const string Header = "X-Sandan-Caller";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>True for those who see every company's consignments.</summary>
    public bool SeesEverything => Role is Roles.Customs or Roles.Operator;

    /// <summary>The header's value: the claims and their HMAC-SHA256 under the identity key, good for five minutes.</summary>
    public string Sign(KeyRing keys, DateTimeOffset now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Claims(Client, Company, Role, (now + Lifetime).ToUnixTimeSeconds()));
        return $"{Base64Url.EncodeToString(claims)}.{Base64Url.EncodeToString(HMACSHA256.HashData(keys.Identity, claims))}";
    }

    /// <summary>The caller that a header names; null where the header is missing, forged or too old.</summary>
    public static Caller? Read(string? header, KeyRing keys, DateTimeOffset now)
    {
        if (header is null || header.Split('.') is not [var first, var second]
            || !Base64Url.IsValid(first) || !Base64Url.IsValid(second))
        {
            return null;
        }

        var claims = Base64Url.DecodeFromChars(first);
        if (!CryptographicOperations.FixedTimeEquals(
            HMACSHA256.HashData(keys.Identity, claims), Base64Url.DecodeFromChars(second)))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<Claims>(claims) is { Client: not null, Company: not null, Role: not null } said
                && said.Until >= now.ToUnixTimeSeconds()
                    ? new(said.Client, said.Company, said.Role)
                    : null;
        }
        catch (JsonException)
        {
            return null; // signed with our key and not by us: another version's
        }
    }

    private sealed record Claims(string Client, string Company, string Role, long Until);
}

/// <summary>What a company may be in the zone.</summary>
public static class Roles
{
    /// <summary>电商平台.</summary>
    public const string Platform = "platform";

    /// <summary>电商企业.</summary>
    public const string Seller = "seller";

    /// <summary>支付企业.</summary>
    public const string Payment = "payment";

    /// <summary>物流企业.</summary>
    public const string Logistics = "logistics";

    /// <summary>报关企业.</summary>
    public const string Declarant = "declarant";

    /// <summary>监管场所经营人、区内仓储企业: who operates a supervised site or a bonded warehouse.</summary>
    public const string Warehouse = "warehouse";

    /// <summary>Officers and systems of customs.</summary>
    public const string Customs = "customs";

    /// <summary>Operator of this platform.</summary>
    public const string Operator = "operator";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
        [Platform, Seller, Payment, Logistics, Declarant, Warehouse, Customs, Operator];
}
