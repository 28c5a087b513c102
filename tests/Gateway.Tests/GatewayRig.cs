using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Tests;

/// <summary>The real gateway before stand-ins for every service, and a registry stand-in that knows some keys.</summary>
public sealed class GatewayRig : IAsyncDisposable
{
    public static readonly string[] Services =
        ["registry", "order", "payment", "waybill", "matcher", "tax", "customs", "credit", "statistics"];

    private readonly Dictionary<string, object> keys = [];
    private readonly WebApplication gateway;
    private readonly string folder;

    private GatewayRig(WebApplication gateway, string folder, Dictionary<string, StandIn> standIns)
    {
        (this.gateway, this.folder, StandIns) = (gateway, folder, standIns);
        Ring = new(folder);
        Platform = AddKey("3302960001", Roles.Platform);
        standIns["registry"].Answer = AnswerAsRegistry;
    }

    /// <summary>By service name.</summary>
    public Dictionary<string, StandIn> StandIns { get; }

    public KeyRing Ring { get; }

    /// <summary>A good key of a platform.</summary>
    public ApiKey Platform { get; }

    public Uri Address => new(gateway.Urls.Single());

    public IServiceProvider Parts => gateway.Services;

    /// <summary>Sends the platform's key with every request.</summary>
    public HttpClient Client { get; private set; } = null!;

    public static async Task<GatewayRig> StartAsync(params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("sandan-gateway-").FullName;
        foreach (var name in new[] { "index", "identity" })
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, name + ".key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        var standIns = new Dictionary<string, StandIn>();
        foreach (var service in Services)
        {
            standIns.Add(service, await StandIn.StartAsync());
        }

        var gateway = Program.Build(
        [
            "--SANDAN_PORT=0",
            $"--SANDAN_KEYS={folder}",
            .. standIns.Select(one => $"--SANDAN_URL_{one.Key.ToUpperInvariant()}={one.Value.Address}"),
            // On a busy machine a stand-in may take its time to begin: who is away refuses, and is not waited for.
            "--Gateway:InternalTimeout=00:00:30",
            "--Gateway:ConnectTimeout=00:00:30",
            "--Gateway:ConnectPatience=00:00:00", // but where a test is about it
            .. options.Select(option => "--Gateway:" + option),
        ]);
        await gateway.StartAsync();
        var rig = new GatewayRig(gateway, folder, standIns);
        rig.Client = rig.ClientOf(rig.Platform.Reveal());
        return rig;
    }

    public HttpClient ClientOf(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>A key that the registry knows from now on.</summary>
    public ApiKey AddKey(string company, string role, bool revoked = false)
    {
        var key = ApiKey.Create(ApiKey.Live);
        Set(key, company, role, revoked);
        return key;
    }

    public void Set(ApiKey key, string company, string role, bool revoked)
    {
        lock (keys)
        {
            keys[key.Id] = new { hash = Convert.ToBase64String(key.Hash()), company, role, environment = key.Environment, revoked };
        }
    }

    /// <summary>Questions that the registry was asked about keys.</summary>
    public int KeyQuestions => StandIns["registry"].Requests.Count(request => request.Path.StartsWith("/internal/", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await gateway.StopAsync(new CancellationToken(canceled: true));
        await gateway.DisposeAsync();
        foreach (var standIn in StandIns.Values)
        {
            await standIn.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private Task AnswerAsRegistry(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/internal/keys", out var id))
        {
            return context.Response.WriteAsync("ok");
        }

        object? facts;
        lock (keys)
        {
            facts = keys.GetValueOrDefault(id.Value!.TrimStart('/'));
        }

        if (facts is null)
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }

        return context.Response.WriteAsJsonAsync(facts, facts.GetType(), JsonSerializerOptions.Web);
    }
}
