using System.Globalization;
using System.Text.RegularExpressions;
using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

/// <summary>The text of a good message, whose elements stand on lines of their own, while it is changed.</summary>
internal sealed class GoldenLines(CebMessage message, string valid)
{
    private readonly List<string> lines = [.. valid.Split('\n')];

    public string Text => string.Join('\n', lines);

    public static string Prefix(CebMessage message) => message.Direction is null ? "" : "ceb:";

    public void Remove(string path)
    {
        foreach (var (start, count) in Enumerable.Reverse(Find(path)))
        {
            lines.RemoveRange(start, count);
        }
    }

    public void Set(string path, string value)
    {
        var (at, _) = One(path);
        lines[at] = $"{lines[at][..(lines[at].IndexOf('>') + 1)]}{value}{lines[at][lines[at].LastIndexOf("</", StringComparison.Ordinal)..]}";
    }

    public void Rename(string path, string name)
    {
        var (at, _) = One(path);
        lines[at] = lines[at].Replace($"{path[(path.LastIndexOf('/') + 1)..]}>", $"{name}>", StringComparison.Ordinal);
    }

    public void Repeat(string path, int times)
    {
        var (start, count) = One(path);
        var block = lines.GetRange(start, count);
        lines.InsertRange(start + count, Enumerable.Range(1, times).SelectMany(time => block.Select(line => Counted(line, time))));
    }

    public void Swap(string path)
    {
        var (at, _) = One(path);
        (lines[at], lines[at + 1]) = (lines[at + 1], lines[at]);
    }

    public void Add(string path, string element)
    {
        var (start, count) = One(path);
        lines.Insert(start + count, $"{lines[start][..^lines[start].TrimStart(' ').Length]}{element}");
    }

    private static string Counted(string line, int time) => Regex.Replace(
        line, "(?<=^      <[^>]*gnum>)[0-9]+", number => (int.Parse(number.Value, CultureInfo.InvariantCulture) + time).ToString(CultureInfo.InvariantCulture));

    private (int Start, int Count) One(string path) => Assert.Single(Find(path));

    /// <summary>The lines of the elements of that path.</summary>
    private List<(int Start, int Count)> Find(string path)
    {
        var (from, to) = (0, lines.Count);
        List<(int Start, int Count)> found = [];
        foreach (var step in path.Split('/'))
        {
            var parts = Regex.Match(step, "^(?<name>[A-Za-z0-9:]+)(\\[(?<number>[0-9]+)\\])?$");
            found = Within(from, to, parts.Groups["name"].Value);
            if (parts.Groups["number"] is { Success: true } number)
            {
                found = [found[int.Parse(number.Value, CultureInfo.InvariantCulture) - 1]];
            }

            if (found.Count > 0)
            {
                (from, to) = (found[0].Start, found[0].Start + found[0].Count);
            }
        }

        return found;
    }

    private List<(int Start, int Count)> Within(int from, int to, string name)
    {
        var found = new List<(int, int)>();
        var qualified = name.Contains(':', StringComparison.Ordinal) ? name : Prefix(message) + name;
        for (var at = from; at < to; at++)
        {
            if (Regex.IsMatch(lines[at], $"^ *<{qualified}[ >]"))
            {
                var end = at;
                while (!lines[end].EndsWith($"</{qualified}>", StringComparison.Ordinal))
                {
                    end++;
                }

                found.Add((at, end - at + 1));
                at = end;
            }
        }

        return found;
    }
}
