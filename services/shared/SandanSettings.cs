using Microsoft.Extensions.Configuration;

namespace Sandan.Shared;

/// <summary>
/// Where the servers, the keys and the other services are. Read from the environment (or <c>--NAME=value</c>), the
/// same names for every service; <c>./sandan up</c> sets them.
/// </summary>
public sealed record SandanSettings
{
    private static readonly string[] Services =
        ["gateway", "registry", "order", "payment", "waybill", "matcher", "tax", "customs", "credit", "statistics"];

    /// <summary>SANDAN_POSTGRES: Npgsql connection string without a database. Required.</summary>
    public required string Postgres { get; init; }

    /// <summary>SANDAN_RABBITMQ: <c>amqp://user:password@host:port/vhost</c>. Required.</summary>
    public required Uri RabbitMq { get; init; }

    /// <summary>SANDAN_KEYS: folder of the files master.key (or SANDAN_MASTER_KEY holds it), index.key and identity.key. Required.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>SANDAN_DATA_KEYS: folder of the data keys, which order, payment and waybill write to. Default <c>data</c> in SANDAN_KEYS.</summary>
    public required string DataKeyFolder { get; init; }

    /// <summary>SANDAN_DATABASE_PREFIX: before the service's name. Default <c>sandan_</c>.</summary>
    public required string DatabasePrefix { get; init; }

    /// <summary>SANDAN_BUS_PREFIX: before every exchange and queue. Default <c>sandan.</c>.</summary>
    public required string BusPrefix { get; init; }

    /// <summary>SANDAN_ZONE: the pilot zone that this platform serves, part of every event's source. Default <c>demo</c>.</summary>
    public required string Zone { get; init; }

    /// <summary>SANDAN_ENVIRONMENT: <c>live</c>, the default, or <c>sandbox</c>, where senders force outcomes and move the clock.</summary>
    public required bool IsSandbox { get; init; }

    /// <summary>Base addresses by service name: SANDAN_URL_MATCHER …, else loopback ports from SANDAN_PORT_BASE (8100).</summary>
    public required IReadOnlyDictionary<string, Uri> Addresses { get; init; }

    /// <exception cref="InvalidOperationException">A required value is missing; the message names it.</exception>
    public static SandanSettings From(IConfiguration configuration)
    {
        var (keys, dataKeys) = KeyFoldersFrom(configuration);
        return new()
        {
            Postgres = Required(configuration, "SANDAN_POSTGRES"),
            RabbitMq = Address("SANDAN_RABBITMQ", Required(configuration, "SANDAN_RABBITMQ"), "amqp"),
            KeyFolder = keys,
            DataKeyFolder = dataKeys,
            DatabasePrefix = configuration["SANDAN_DATABASE_PREFIX"] ?? "sandan_",
            BusPrefix = configuration["SANDAN_BUS_PREFIX"] ?? "sandan.",
            Zone = configuration["SANDAN_ZONE"] ?? "demo",
            IsSandbox = IsSandboxIn(configuration),
            Addresses = AddressesFrom(configuration),
        };
    }

    /// <summary>Only <see cref="KeyFolder"/> and <see cref="DataKeyFolder"/>: who changes the master key needs no server.</summary>
    /// <exception cref="InvalidOperationException">SANDAN_KEYS is not set.</exception>
    public static (string Keys, string DataKeys) KeyFoldersFrom(IConfiguration configuration)
    {
        var keys = Required(configuration, "SANDAN_KEYS");
        return (keys, configuration["SANDAN_DATA_KEYS"] is { Length: > 0 } folder ? folder : Path.Combine(keys, "data"));
    }

    /// <summary>Only <see cref="Addresses"/>: the gateway knows neither database nor broker.</summary>
    public static IReadOnlyDictionary<string, Uri> AddressesFrom(IConfiguration configuration)
    {
        var portBase = configuration.GetValue("SANDAN_PORT_BASE", 8100);
        var gatewayPort = configuration.GetValue("SANDAN_PORT", 8080);
        return Services.Select((service, at) => (service, port: at == 0 ? gatewayPort : portBase + at))
            .ToDictionary(
                one => one.service,
                one => $"SANDAN_URL_{one.service.ToUpperInvariant()}" is var name && configuration[name] is { Length: > 0 } url
                    ? Address(name, url, "http")
                    : new Uri($"http://127.0.0.1:{one.port}"));
    }

    private static bool IsSandboxIn(IConfiguration configuration) => configuration["SANDAN_ENVIRONMENT"] switch
    {
        null or "" or "live" => false,
        "sandbox" => true,
        _ => throw new InvalidOperationException("SANDAN_ENVIRONMENT is neither live nor sandbox."),
    };

    private static string Required(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} is not set. ./sandan up sets it; see README, Configuration.");

    /// <summary>The message names the variable and not its value, which may hold a password.</summary>
    private static Uri Address(string name, string value, string scheme) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && (address.Scheme == scheme || address.Scheme == scheme + "s")
            ? address
            : throw new InvalidOperationException($"{name} is not an address of the form {scheme}://host:port.");
}
