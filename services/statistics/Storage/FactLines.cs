using Sandan.Contracts.Events;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>How the lines of a release are kept: an array of arrays, in the order of <see cref="LineSum"/>'s members.</summary>
internal static class FactLines
{
    public static byte[] Write(IReadOnlyList<LineSum> lines)
    {
        var stored = new (string, string, int, decimal, decimal)[lines.Count];
        for (var at = 0; at < stored.Length; at++)
        {
            var line = lines[at];
            stored[at] = (line.Country, line.Chapter, line.Lines, line.Value, line.Tax);
        }

        return EventBytes.Write(stored);
    }

    public static LineSum[] Read(byte[] bytes) => Array.ConvertAll(
        EventBytes.Read<(string Country, string Chapter, int Lines, decimal Value, decimal Tax)[]>(bytes),
        line => new LineSum(line.Country, line.Chapter, line.Lines, line.Value, line.Tax));
}
