using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Gateway.Limits;
using Sandan.Shared.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Sandan.Gateway.Proxy;

/// <summary>Says in our own words what YARP says by a bare status: the service is away, or the body was too long.</summary>
internal sealed partial class ForwarderProblems(
    RequestDelegate next, IOptions<GatewayOptions> options, ILogger<ForwarderProblems> log)
{
    /// <summary>Forwards, then explains what went wrong.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } error || context.Response.HasStarted
            || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (IsTooLong(error.Exception))
        {
            await BodyLimit.RefuseAsync(context, options.Value.BodyBytesMax);
        }
        else if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            ServiceAway(log, PathOf(context), error.Error, error.Exception?.Message);
            context.Response.Headers.RetryAfter = "2";
            var wasNotSent = ServicePatience.IsNotConnected(error.Exception);
            await Problems.WriteAsync(
                context, wasNotSent ? StatusCodes.Status503ServiceUnavailable : context.Response.StatusCode, RequestCodes.ServiceAway);
        }
        else
        {
            await Problems.WriteAsync(context, context.Response.StatusCode, RequestCodes.BodyUnreadable);
        }
    }

    /// <summary>Where no key is wanted the path may hold a secret: then only its pattern is told.</summary>
    private static string PathOf(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? endpoint.RoutePattern.RawText!
            : context.Request.Path;

    private static bool IsTooLong(Exception? trouble) => trouble switch
    {
        null => false,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => true,
        AggregateException several => several.InnerExceptions.Any(IsTooLong),
        _ => IsTooLong(trouble.InnerException),
    };

    [LoggerMessage(LogLevel.Warning, "{Path} could not be forwarded: {Error}, {Reason}")]
    private static partial void ServiceAway(ILogger log, string path, ForwarderError error, string? reason);
}
