using System.Diagnostics;

namespace Sandan.Gateway;

/// <summary>Tells every caller the trace id of its request, to be named when something is asked of the operator.</summary>
internal sealed class TraceHeader(RequestDelegate next)
{
    /// <summary>32 hexadecimal digits, W3C trace id.</summary>
    public const string Name = "X-Trace-Id";

    /// <summary>Runs the rest of the pipeline.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } request)
        {
            context.Response.Headers[Name] = request.TraceId.ToHexString();
        }

        return next(context);
    }
}
