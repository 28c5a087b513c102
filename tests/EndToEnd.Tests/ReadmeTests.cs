using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sandan.EndToEnd.Tests;

/// <summary>Every command of the READMEs runs here, but those of ./sandan itself, which CI runs (.ci/run).</summary>
[Collection("one process")]
public sealed partial class ReadmeTests(OneProcess system)
{
    /// <summary>An answer comes a moment after the request that causes it: a reader would ask again, and so do we.</summary>
    private const string Prelude =
        """
        set -euo pipefail
        sleep() { command sleep 10; } # what a reader waits may be too short for a machine that runs all tests at once
        curl() {
          case "$*" in
            *--max-time*) command curl -sS "$@" || [ $? = 28 ] ;;
            *) command curl -sS --fail-with-body --retry 60 --retry-all-errors --retry-delay 1 "$@" && echo ;;
          esac
        }
        """;

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public async Task The_commands_of_the_readme_work_when_pasted_one_after_another(string file)
    {
        var root = Root();
        var blocks = ShellBlock().Matches(await File.ReadAllTextAsync(Path.Combine(root, file)))
            .Select(match => match.Groups[1].Value)
            .Where(block => !block.Contains("./sandan", StringComparison.Ordinal))
            .ToArray();
        Assert.True(blocks.Length >= 4, $"{file} has only {blocks.Length} blocks of commands.");
        var script = string.Join('\n', blocks.Prepend(Prelude))
            .Replace("http://127.0.0.1:8080", system.Installation.Gateway.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

        var folder = Directory.CreateTempSubdirectory("sandan-readme-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, ".sandan"));
        File.Copy(system.Installation.EnvironmentFile, Path.Combine(folder.FullName, ".sandan/env.json"));
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "contracts"), Path.Combine(root, "contracts"));
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = bash.StandardOutput.ReadToEndAsync();
        var complained = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.True(bash.ExitCode == 0, $"{await complained}\n{await said}");
        Assert.Contains("\"state\":\"Matched\"", await said, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Sandan.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the checkout.");
        }

        return folder.FullName;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
