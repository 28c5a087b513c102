using Sandan.Shared;
using Sandan.Shared.Http;

namespace Sandan.Gateway;

/// <summary>The host: settings, logs, where to listen and what Kestrel takes.</summary>
internal static class GatewayHost
{
    /// <summary>A builder with everything that does not depend on the gateway's parts.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(GatewayHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddSandanLogging();

        // ForwarderProblems says the same in one line; a stack trace for each request would bury an outage in its own log.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.None);
        var addresses = SandanSettings.AddressesFrom(builder.Configuration);
        builder.WebHost.UseUrls(builder.Configuration["SANDAN_LISTEN"] ?? addresses["gateway"].ToString());
        builder.Services.AddSingleton(new ServiceAddresses(addresses));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<InternalHttp>();
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration("Gateway").ValidateDataAnnotations().ValidateOnStart();

        var options = builder.Configuration.GetSection("Gateway").Get<GatewayOptions>() ?? new();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
            kestrel.Limits.MaxRequestLineSize = 4 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        return builder;
    }
}
