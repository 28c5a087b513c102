using Sandan.Shared.Http;

namespace Sandan.Gateway.Proxy;

/// <summary>Hands a request to its service where that runs in this process; all others go by YARP over a socket.</summary>
internal sealed class LocalForwarding(RequestDelegate next)
{
    /// <summary>Forwards.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var destination = context.GetReverseProxyFeature().AvailableDestinations[0].Model.Config.Address;
        if (LocalServer.At(destination) is not { } service || !await service.TryAnswerAsync(context))
        {
            await next(context);
        }
    }
}
