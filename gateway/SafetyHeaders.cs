namespace Sandan.Gateway;

/// <summary>
/// What every answer tells browsers and caches: its type is what it says, and unless it says otherwise it was for one caller only
/// and is not to be kept.
/// </summary>
internal sealed class SafetyHeaders(RequestDelegate next)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                headers.XContentTypeOptions = "nosniff";
                if (headers.CacheControl.Count == 0)
                {
                    headers.CacheControl = "no-store";
                }

                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    }
}
