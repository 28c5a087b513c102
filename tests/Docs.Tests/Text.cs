using System.Text.RegularExpressions;

namespace Sandan.Docs.Tests;

/// <summary>A fenced block: what stands behind the fence, and its lines.</summary>
internal sealed record Block(string Language, string Content);

/// <summary>A Markdown file of the checkout, taken apart as far as the tests look at it.</summary>
internal sealed partial record Text(string Path, string Prose, IReadOnlyList<Block> Blocks, IReadOnlyList<string> Headings)
{
    /// <summary>The folder in which Sandan.slnx lies.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>Both of these say the same, each in its language.</summary>
    public static readonly string[] Readmes = ["README.md", "README.zh-CN.md"];

    /// <summary>What stands between backticks, outside blocks.</summary>
    public IReadOnlyList<string> Quoted { get; } = [.. Backticks().Matches(Prose).Select(match => match.Groups[1].Value)];

    /// <summary>Rows of tables, as cells.</summary>
    public IEnumerable<string[]> Rows => Prose.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries));

    /// <summary>Reads a file; <paramref name="path"/> is relative to the root.</summary>
    public static Text Read(string path)
    {
        var (prose, blocks, headings) = (new List<string>(), new List<Block>(), new List<string>());
        List<string>? block = null;
        var language = "";
        foreach (var line in File.ReadLines(System.IO.Path.Combine(Root, path)))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (block is null)
                {
                    (block, language) = ([], line[3..]);
                }
                else
                {
                    blocks.Add(new(language, string.Join('\n', block)));
                    block = null;
                }
            }
            else if (block is not null)
            {
                block.Add(line);
            }
            else
            {
                prose.Add(line);
                if (line.StartsWith('#'))
                {
                    headings.Add(line);
                }
            }
        }

        Assert.True(block is null, $"{path}: a block is not closed.");
        return new(path, string.Join('\n', prose), blocks, headings);
    }

    /// <summary>The blocks of a language.</summary>
    public IEnumerable<string> BlocksOf(string language) =>
        Blocks.Where(block => block.Language == language).Select(block => block.Content);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Sandan.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Backticks();
}
