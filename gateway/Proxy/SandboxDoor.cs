using Sandan.Shared.Security;
using Yarp.ReverseProxy.Forwarder;

namespace Sandan.Gateway.Proxy;

/// <summary>
/// Hands a request whose key is of the sandbox on as it came, key included, to the gateway of the sandbox: an installation by itself,
/// with the same programs and with companies, keys and databases of its own. So is what is asked at <c>/v1/sandbox</c>.
/// </summary>
internal static class SandboxDoor
{
    private static readonly string Scheme = $"Bearer sdn_{ApiKey.Sandbox}_";
    private static readonly ForwarderRequestConfig Patience = new() { ActivityTimeout = TimeSpan.FromHours(1) }; // events come as a stream

    /// <summary>Puts the door before everything that asks who calls. Without SANDAN_SANDBOX, the sandbox's address, there is none.</summary>
    public static void UseSandboxDoor(this WebApplication app)
    {
        if (app.Configuration["SANDAN_SANDBOX"] is not { Length: > 0 } sandbox)
        {
            return;
        }

        var (forwarder, http) = (app.Services.GetRequiredService<IHttpForwarder>(), app.Services.GetRequiredService<InternalHttp>());
        app.MapWhen(context => IsOfSandbox(context.Request), door =>
        {
            door.UseMiddleware<ForwarderProblems>();
            door.Run(async context => await forwarder.SendAsync(context, sandbox, http.Forwarded, Patience, HttpTransformer.Default));
        });
    }

    private static bool IsOfSandbox(HttpRequest request) => request.Path.StartsWithSegments("/v1/sandbox")
        || request.Headers.Authorization is [{ } said] && said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
}
