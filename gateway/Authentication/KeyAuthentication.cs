using Microsoft.AspNetCore.Authorization;
using Sandan.Contracts.Codes;
using Sandan.Gateway.Proxy;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Authentication;

/// <summary>
/// Marks an endpoint that answers without a key, as <c>"AuthorizationPolicy": "Anonymous"</c> marks a route of YARP. Every other
/// endpoint wants one.
/// </summary>
internal sealed class NoKeyNeeded : IAllowAnonymous
{
    /// <summary>The mark.</summary>
    public static readonly NoKeyNeeded Mark = new();
}

/// <summary>
/// Finds out who sends a request, from the key in <c>Authorization: Bearer sdn_…</c> and from nothing else, and tells the
/// service in a signed header. What a caller says of itself in <c>X-Sandan-…</c> headers is dropped. Whether the role may
/// use the route is the service's to decide.
/// </summary>
internal sealed class KeyAuthentication(
    RequestDelegate next, KeyDirectory directory, FailedAttempts failures, KeyRing keys, TimeProvider time)
{
    private const string InternalPrefix = "X-Sandan-";
    private const string Scheme = "Bearer ";

    /// <summary>Who calls a route that wants no key: no company, and a role that may use no other.</summary>
    private static readonly Caller Nobody = new("anonymous", "", "anonymous");

    /// <summary>Runs the rest of the pipeline for callers that are known.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var said = (string?)headers.Authorization;
        RemoveWhatOnlyWeMaySay(headers);
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            if (endpoint.IsForwarded())
            {
                headers[Caller.Header] = Nobody.Sign(keys, time.GetUtcNow());
            }

            return next(context);
        }

        return said is { Length: > 7 } && said.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? ApiKey.Parse(said[Scheme.Length..].Trim()) is { } key
                ? AuthenticateAsync(context, key)
                : RefuseAsync(context, RequestCodes.KeyUnknown)
            : RefuseAsync(context, RequestCodes.KeyMissing);
    }

    private Task AuthenticateAsync(HttpContext context, ApiKey key) =>
        directory.FindFresh(key.Id) is { } known && known.Opens(key) ? PassAsync(context, known) : AskAsync(context, key);

    /// <summary>The key is not known to be good: whoever failed too often waits before it is even looked at.</summary>
    private async Task AskAsync(HttpContext context, ApiKey key)
    {
        if (failures.MustWait(context))
        {
            context.Response.Headers.RetryAfter = "1";
            await Problems.WriteAsync(context, StatusCodes.Status429TooManyRequests, RequestCodes.TooManyRequests);
            return;
        }

        var answer = await directory.FindAsync(key.Id, context.RequestAborted);
        if (answer.RegistryAway)
        {
            context.Response.Headers.RetryAfter = "2";
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, RequestCodes.ServiceAway);
        }
        else if (answer.Key is { } known && known.Opens(key))
        {
            await PassAsync(context, known);
        }
        else
        {
            failures.Add(context);
            await RefuseAsync(context, RequestCodes.KeyUnknown);
        }
    }

    private Task PassAsync(HttpContext context, KnownKey key)
    {
        context.Request.Headers[Caller.Header] = key.CallerHeader(keys, time.GetUtcNow());
        context.Features.Set(key);
        return next(context);
    }

    private static void RemoveWhatOnlyWeMaySay(IHeaderDictionary headers)
    {
        headers.Remove("Authorization");
        List<string>? forged = null;
        foreach (var (name, _) in headers)
        {
            if (name.StartsWith(InternalPrefix, StringComparison.OrdinalIgnoreCase))
            {
                (forged ??= []).Add(name);
            }
        }

        forged?.ForEach(name => headers.Remove(name));
    }

    private static Task RefuseAsync(HttpContext context, string code)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, code);
    }
}
