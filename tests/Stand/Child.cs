using System.Diagnostics;

namespace Sandan.Stand;

/// <summary>A program that we started; what it prints is added to a file.</summary>
internal sealed class Child : IDisposable
{
    private static readonly TimeSpan PatienceToStop = TimeSpan.FromSeconds(30);
    private readonly StreamWriter log;

    /// <param name="metrics">Where it says what it has used; null where it does not.</param>
    public Child(Machine machine, string project, IReadOnlyDictionary<string, string> environment, Uri? metrics = null)
    {
        Metrics = metrics;
        Name = project;
        var program = machine.Program(project);
        log = new(Path.Combine(machine.Folder, $"{project.ToLowerInvariant()}.log"), append: true) { AutoFlush = true };
        var start = new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        Process = Process.Start(start)!;
        Process.OutputDataReceived += Write;
        Process.ErrorDataReceived += Write;
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public string Name { get; }

    public Process Process { get; }

    public Uri? Metrics { get; }

    /// <summary>Asks it to end and waits.</summary>
    public async Task StopAsync()
    {
        if (!Process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{Process.Id}"]);
            try
            {
                await Process.WaitForExitAsync().WaitAsync(PatienceToStop);
            }
            catch (TimeoutException)
            {
                Process.Kill();
            }
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        lock (log)
        {
            log.Dispose();
        }
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        lock (log)
        {
            if (line.Data is not null && log.BaseStream.CanWrite)
            {
                log.WriteLine(line.Data);
            }
        }
    }
}
