using System.Security.Cryptography;
using System.Text.Json;
using Sandan.Registry.Domain;
using Sandan.Registry.Storage;
using Sandan.Shared;
using Sandan.Shared.Security;

namespace Sandan.Registry.Development;

/// <summary>
/// Makes an installation usable for a developer: fictitious companies, goods of one seller and a key each, and a file
/// that names them. Runs only where SANDAN_DEVELOPMENT_ENV gives the file's path. Repeatable: keys that are still good
/// stay as they are.
/// </summary>
internal sealed partial class DevelopmentSeed(
    string path, CompanyStore companies, GoodsStore goods, KeyStore keys, SandanSettings settings, ILogger<DevelopmentSeed> log)
{
    /// <summary>The parties that documents name.</summary>
    private static readonly string[] Parties = [Roles.Platform, Roles.Seller, Roles.Payment, Roles.Logistics, Roles.Declarant, Roles.Warehouse];

    private static readonly Caller Self = new("development", "", Roles.Operator);

    /// <summary>Does what is missing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var seeded = Load("companies.json", Company.Read);
        await companies.StoreAsync(Self, seeded, cancellationToken);
        await goods.StoreAsync(Load("goods.json", (json, index) => Filing.Read(json, index, Self)), cancellationToken);

        var before = await EnvFile.ReadAsync(path, cancellationToken);
        var given = new Dictionary<string, string>();
        foreach (var company in seeded)
        {
            var role = company.Roles.Single();
            var held = before?.Keys.GetValueOrDefault(role);
            given[role] = held is not null && await IsGoodAsync(held, company.Code, role, cancellationToken)
                ? held
                : (await MakeKeyAsync(company.Code, role, cancellationToken)).Reveal();
        }

        var codes = seeded.ToDictionary(company => company.Roles.Single(), company => company.Code);
        await new EnvFile(
            settings.Addresses["gateway"].GetLeftPart(UriPartial.Authority),
            given,
            Parties.ToDictionary(role => role, role => codes[role])).WriteAsync(path, cancellationToken);
        Seeded(log, seeded.Count, path);
    }

    private async Task<bool> IsGoodAsync(string text, string company, string role, CancellationToken ct) =>
        ApiKey.Parse(text) is { } key
            && await keys.FindAsync(key.Id, ct) is { Revoked: false } facts
            && facts.Company == company && facts.Role == role && facts.Environment == key.Environment
            && CryptographicOperations.FixedTimeEquals(key.Hash(), Convert.FromBase64String(facts.Hash));

    /// <summary>Makes a key; where two are in force, the oldest is revoked first, for nobody has it any more.</summary>
    private async Task<ApiKey> MakeKeyAsync(string company, string role, CancellationToken ct)
    {
        var inForce = (await keys.ListAsync(company, ct)).Where(key => key.Role == role && key.RevokedAt is null).ToList();
        foreach (var old in inForce.Take(inForce.Count - KeyStore.KeysInForceMax + 1))
        {
            await keys.RevokeAsync(Self, company, old.Id, ct);
        }

        var (key, refusal) = await keys.CreateAsync(Self, company, role, ApiKey.Test, "development", ct);
        return key ?? throw new InvalidOperationException($"No key for {role}: {refusal}.");
    }

    private static List<T> Load<T>(string name, Func<JsonElement?, int, Item<T>> read)
    {
        var assembly = typeof(DevelopmentSeed).Assembly;
        using var file = assembly.GetManifestResourceStream($"{typeof(DevelopmentSeed).Namespace}.{name}")!;
        using var json = JsonDocument.Parse(file);
        return [.. json.RootElement.EnumerateArray().Select((item, index) => read(item, index) is { IsGood: true } good
            ? good.Value
            : throw new InvalidOperationException($"Item {index} of {name} breaks rules."))];
    }

    [LoggerMessage(LogLevel.Information, "Development: {Companies} companies are registered, their keys are in {Path}")]
    private static partial void Seeded(ILogger log, int companies, string path);
}
