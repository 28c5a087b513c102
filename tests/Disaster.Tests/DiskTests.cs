using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sandan.Chaos.Books;
using Xunit.Abstractions;

namespace Sandan.Disaster.Tests;

/// <summary>A Sandan under load on a PostgreSQL whose disks can be filled, and on a RabbitMQ that can be told that its disk is full.</summary>
public sealed class SmallDisks(OwnServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan OrderMax = TimeSpan.FromMinutes(2);

    private readonly List<string> said = [];
    private Process? server;

    internal Load Load { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var port = OwnServers.FreePort(18_000, 1);
        server = Process.Start(new ProcessStartInfo(
            "bash",
            [
                Path.Combine(OwnServers.Root, "tests", "Disaster.Tests", "small-disk.sh"),
                Path.Combine(Path.GetTempPath(), $"sandan-disk-{Environment.ProcessId}"), port.ToString(CultureInfo.InvariantCulture), "small",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        server.ErrorDataReceived += (_, line) =>
        {
            lock (said)
            {
                said.Add(line.Data ?? "");
            }
        };
        server.BeginErrorReadLine();
        await DoneAsync();
        Load = await Load.StartAsync(
            servers.Machine($"Host=127.0.0.1;Port={port};Username=sandan;Password=small", "disk"),
            new Dictionary<string, string> { ["Intake__DocumentsBeforeMatcherMax"] = "400" });
    }

    public async Task DisposeAsync()
    {
        if (Load is not null)
        {
            await Load.DisposeAsync();
        }

        server!.StandardInput.Close();
        await server.WaitForExitAsync().WaitAsync(OrderMax);
        server.Dispose();
    }

    /// <summary>Gives an order: see small-disk.sh.</summary>
    public async Task OrderAsync(string order)
    {
        await server!.StandardInput.WriteLineAsync(order);
        await server.StandardInput.FlushAsync();
        await DoneAsync();
    }

    /// <summary>What PostgreSQL said that has this in it.</summary>
    public int Said(string what)
    {
        lock (said)
        {
            return said.Count(line => line.Contains(what, StringComparison.Ordinal));
        }
    }

    private async Task DoneAsync()
    {
        var answer = await server!.StandardOutput.ReadLineAsync().WaitAsync(OrderMax);
        lock (said)
        {
            Assert.True(answer == "done", $"PostgreSQL on small disks does not run here: {string.Join('\n', said.TakeLast(20))}");
        }
    }
}

/// <summary>Without room nothing is taken that is not kept, senders are told so, and it mends itself.</summary>
[Collection("disaster")]
public sealed class DiskTests(OwnServers servers, SmallDisks disks, ITestOutputHelper output) : IClassFixture<SmallDisks>
{
    private const double Rate = 100; // consignments a second
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("data", "could not extend file")] // ERROR 53100: each statement fails, and the server runs on
    [InlineData("wal", "PANIC:  could not write to file \"pg_wal")] // it ends, and cannot start again before there is room
    public async Task T_DISK_while_a_disk_of_postgres_is_full_documents_are_refused_and_none_is_lost(string disk, string complaint)
    {
        var isEnough = false;
        var sending = disks.Load.SendAsync(Rate, () => isEnough);
        await AnsweredAsync(300);
        await disks.OrderAsync($"fill {disk}");
        await UntilAsync($"{disk} is full", () => disks.Said(complaint) > 0);
        var refused = await RefusedAsync();
        Assert.Equal(503, refused.Status);
        await Task.Delay(TimeSpan.FromSeconds(2)); // whatever tries again has tried again
        await disks.OrderAsync($"free {disk}");
        await AnsweredAsync(300);
        isEnough = true;
        await sending;
        await disks.Load.SendAsync(refused.Request);
        output.WriteLine($"{disk}: {await disks.Load.CloseAsync()} of {disks.Load.Documents:N0} documents");
    }

    [Fact]
    public async Task T_DISK_while_the_disk_of_rabbitmq_is_full_documents_are_taken_up_to_the_limit_and_none_is_lost()
    {
        var isEnough = false;
        var sending = disks.Load.SendAsync(Rate, () => isEnough);
        await AnsweredAsync(300);
        await servers.RunAsync("alarm", "disk");
        try
        {
            await AnsweredAsync(100); // more than what may have been under way
            var refused = await RefusedAsync();
            Assert.Equal(429, refused.Status);
            await servers.RunAsync("alarm", "off");
            await AnsweredAsync(300);
            isEnough = true;
            await sending;
            await disks.Load.SendAsync(refused.Request);
        }
        finally
        {
            await servers.RunAsync("alarm", "off");
        }

        output.WriteLine($"rabbitmq: {await disks.Load.CloseAsync()} of {disks.Load.Documents:N0} documents");
    }

    /// <summary>Tries until one document is refused, and holds that the answer says so and when to come back.</summary>
    private async Task<(Request Request, int Status)> RefusedAsync()
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var (request, status, body, saysWhen) = await disks.Load.TryAsync();
            if (status == 200)
            {
                Assert.True(clock.Elapsed < Patience, "Nothing is refused.");
                continue; // there was room for this one
            }

            using var problem = JsonDocument.Parse(body);
            Assert.Equal(status == 503 ? "S2011" : "S2004", problem.RootElement.GetProperty("code").GetString());
            Assert.True(saysWhen, body);
            output.WriteLine(body);
            return (request, status);
        }
    }

    private async Task AnsweredAsync(int more)
    {
        var enough = disks.Load.Documents + more;
        await UntilAsync($"{more} more documents are answered", () => disks.Load.Documents >= enough);
    }

    private static async Task UntilAsync(string what, Func<bool> holds)
    {
        for (var clock = Stopwatch.StartNew(); !holds();)
        {
            Assert.True(clock.Elapsed < Patience, $"Not within {Patience.TotalSeconds:0} s: {what}.");
            await Task.Delay(20);
        }
    }
}
