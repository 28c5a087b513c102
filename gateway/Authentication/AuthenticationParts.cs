using Sandan.Shared.Security;

namespace Sandan.Gateway.Authentication;

/// <summary>What authentication is made of.</summary>
internal static class AuthenticationParts
{
    /// <summary>Registers it.</summary>
    public static void AddAuthentication(this WebApplicationBuilder builder)
    {
        var folder = builder.Configuration["SANDAN_KEYS"]
            ?? throw new InvalidOperationException("SANDAN_KEYS is not set. ./sandan up sets it; see README, Configuration.");
        builder.Services.AddSingleton(_ => new KeyRing(folder));
        builder.Services.AddSingleton<KeyDirectory>();
        builder.Services.AddSingleton<FailedAttempts>();
    }
}
