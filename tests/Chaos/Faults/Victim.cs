using System.Diagnostics;
using System.Globalization;

namespace Sandan.Chaos.Faults;

/// <summary>Something that can be hurt, one fault at a time.</summary>
internal abstract class Victim(string name)
{
    /// <summary>Being hurt, or not yet long enough well again to be hurt anew.</summary>
    public bool IsSpared { get; set; }

    public string Name => name;

    /// <summary>Starts it again if it ended by itself, which nothing that is hurt may do; returns whether it had.</summary>
    public virtual bool ReviveIfEnded() => false;

    /// <summary>Hurts it and makes it well again; returns what was done, before that is over.</summary>
    public abstract (string What, Task Recovery) Hurt(Random random, CancellationToken ct);

    /// <summary>Sends a signal to a process of ours.</summary>
    protected static void Signal(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Stands still for 1 to 20 seconds, and then goes on as if nothing had been.</summary>
    protected static (string What, Task Recovery) Stop(int pid, Random random, CancellationToken ct)
    {
        var time = TimeSpan.FromMilliseconds(random.Next(1_000, 20_000));
        Signal("STOP", pid);
        return (string.Create(CultureInfo.InvariantCulture, $"stopped for {time.TotalSeconds:0.0} s"), ResumeAsync());

        async Task ResumeAsync()
        {
            try
            {
                await Task.Delay(time, ct);
            }
            finally
            {
                Signal("CONT", pid);
            }
        }
    }
}

/// <summary>A process of Sandan: killed or stopped.</summary>
internal sealed class ProgramVictim(Installation sandan, Child child) : Victim(child.Name.ToLowerInvariant())
{
    private Child child = child;

    public override bool ReviveIfEnded()
    {
        if (!child.Process.HasExited)
        {
            return false;
        }

        child = sandan.Restart(child);
        return true;
    }

    public override (string What, Task Recovery) Hurt(Random random, CancellationToken ct)
    {
        if (random.Next(4) == 0)
        {
            return Stop(child.Process.Id, random, ct);
        }

        var down = TimeSpan.FromMilliseconds(random.Next(5_000));
        child.Process.Kill();
        return (string.Create(CultureInfo.InvariantCulture, $"killed, back after {down.TotalSeconds:0.0} s"), RestartAsync());

        async Task RestartAsync()
        {
            await child.Process.WaitForExitAsync(CancellationToken.None);
            await Task.Delay(down, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            child = sandan.Restart(child);
        }
    }
}

/// <summary>PostgreSQL or RabbitMQ: killed, stopped, and RabbitMQ told that its memory or its disk is full.</summary>
/// <param name="name"><c>postgres</c> or <c>rabbitmq</c>.</param>
internal sealed class ServerVictim(string name, Machine machine, int pid) : Victim(name)
{
    private int pid = pid;

    public override (string What, Task Recovery) Hurt(Random random, CancellationToken ct)
    {
        var time = TimeSpan.FromMilliseconds(random.Next(5_000));
        switch (random.Next(Name == "rabbitmq" ? 4 : 3))
        {
            case 0:
                return Stop(pid, random, ct);
            case 3:
                var what = time.Milliseconds % 2 == 0 ? "memory" : "disk";
                return (string.Create(CultureInfo.InvariantCulture, $"says for {time.TotalSeconds:0.0} s that its {what} is full"), AlarmAsync(what));
            default:
                Signal("KILL", pid);
                return (string.Create(CultureInfo.InvariantCulture, $"killed, back after {time.TotalSeconds:0.0} s"), RestartAsync());
        }

        async Task RestartAsync()
        {
            await Task.Delay(time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pid = int.Parse(await ServerAsync("start", Name), CultureInfo.InvariantCulture);
        }

        async Task AlarmAsync(string what)
        {
            await ServerAsync("alarm", what);
            await Task.Delay(time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ServerAsync("alarm", "off");
        }
    }

    /// <summary>What deploy/local/server.sh says.</summary>
    /// <exception cref="InvalidOperationException">It could not do it.</exception>
    private async Task<string> ServerAsync(string action, string what)
    {
        using var script = Process.Start(new ProcessStartInfo(
            "bash", [Path.Combine(machine.Root, "deploy", "local", "server.sh"), Path.GetDirectoryName(machine.Folder)!, action, what])
        {
            RedirectStandardOutput = true,
        })!;
        var said = await script.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await script.WaitForExitAsync(CancellationToken.None);
        return script.ExitCode == 0 ? said : throw new InvalidOperationException($"{Name}: {action} {what} ended with {script.ExitCode}.");
    }
}

/// <summary>The connections of all processes to a server: cut, stalled, reset, or the answers lost.</summary>
internal sealed class LinkVictim(string name, TcpProxy proxy) : Victim(name)
{
    public override (string What, Task Recovery) Hurt(Random random, CancellationToken ct)
    {
        var time = TimeSpan.FromMilliseconds(random.Next(200, 5_000));
        var (what, isReset) = random.Next(4) switch
        {
            0 => Do(proxy.Reset, "reset", isReset: false),
            1 => Do(proxy.Cut, "cut", isReset: false),
            2 => Do(proxy.Stall, "stalled", isReset: false),
            _ => Do(proxy.SilenceAnswers, "answers held back, then reset", isReset: true), // a COMMIT without its answer
        };
        return (string.Create(CultureInfo.InvariantCulture, $"{what} for {time.TotalSeconds:0.0} s"), HealAsync());

        async Task HealAsync()
        {
            await Task.Delay(time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (isReset)
            {
                proxy.Reset();
            }

            proxy.Heal();
        }

        static (string, bool) Do(Action action, string what, bool isReset)
        {
            action();
            return (what, isReset);
        }
    }
}
