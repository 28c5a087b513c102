namespace Sandan.Gateway.Endpoints;

/// <summary>What a service answered, as it is.</summary>
internal sealed class Passed(HttpResponseMessage answer, byte[] body) : IResult
{
    private readonly int status = (int)answer.StatusCode;
    private readonly string? contentType = answer.Content.Headers.ContentType?.ToString();
    private readonly string? retryAfter = answer.Headers.RetryAfter?.ToString();

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = body.Length;
        httpContext.Response.Headers.RetryAfter = retryAfter;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
