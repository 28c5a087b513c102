namespace Sandan.Gateway;

/// <summary>Base addresses by service name: loopback ports on a laptop, names in a cluster.</summary>
internal sealed class ServiceAddresses(IReadOnlyDictionary<string, Uri> addresses)
{
    /// <summary>The gateway's own name in the table.</summary>
    private const string Self = "gateway";

    /// <summary>Every service behind the gateway.</summary>
    public IEnumerable<string> Services => addresses.Keys.Where(name => name != Self);

    /// <summary>Base address of a service.</summary>
    /// <exception cref="InvalidOperationException">There is no service of this name: appsettings.json misspells it.</exception>
    public Uri Of(string service) => addresses.TryGetValue(service, out var address)
        ? address
        : throw new InvalidOperationException($"No service is named {service}; see ReverseProxy in appsettings.json.");
}
