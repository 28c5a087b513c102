namespace Sandan.Chaos.Books;

/// <summary>What is wrong, by class: how often, and the first of each with their names.</summary>
/// <param name="namedMax">So many of each class are named.</param>
internal sealed class Faults(int namedMax = 10)
{
    private readonly SortedDictionary<string, (long Count, List<string> Named)> classes = new(StringComparer.Ordinal);

    public bool None => classes.Count == 0;

    public void Add(string of, string what)
    {
        var (count, named) = classes.GetValueOrDefault(of, (0, []));
        if (named.Count < namedMax)
        {
            named.Add(what);
        }

        classes[of] = (count + 1, named);
    }

    /// <summary>One line a class, and below it the first of its faults.</summary>
    public IEnumerable<string> Lines() => classes.SelectMany(one =>
        one.Value.Named.Select(what => $"  {what}").Prepend($"{one.Key}: {one.Value.Count:N0}"));
}
