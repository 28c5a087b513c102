using Sandan.Contracts;
using Sandan.Contracts.Ceb;

namespace Sandan.All;

/// <summary><c>lint [--lang en] FILE…</c>: what is wrong with official messages, a line each, in the form of compilers.</summary>
internal static class LintCommand
{
    /// <summary>0 where nothing is wrong, 1 where a message has a fault, 2 where a file cannot be read.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        var language = arguments is ["--lang", "en", ..] ? Language.English : Language.Chinese;
        var files = arguments is ["--lang", "zh" or "en", .. var rest] ? rest : arguments;
        if (files.Length == 0 || files[0].StartsWith("--", StringComparison.Ordinal))
        {
            await output.WriteLineAsync("lint [--lang zh|en] FILE…");
            return 2;
        }

        var result = 0;
        foreach (var file in files)
        {
            byte[] bytes;
            try
            {
                bytes = await File.ReadAllBytesAsync(file);
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                await output.WriteLineAsync($"{file}: {trouble.Message}");
                result = 2;
                continue;
            }

            foreach (var one in CebLinter.Check(bytes))
            {
                await output.WriteLineAsync(
                    $"{file}:{one.Line}:{one.Column}: {(one.IsError ? "error" : "warning")} {one.Code} {one.Where} {one.What.In(language)} "
                    + $"({one.Rule.In(language)}) → {one.Fix.In(language)}");
                result = result == 0 && one.IsError ? 1 : result;
            }
        }

        return result;
    }
}
