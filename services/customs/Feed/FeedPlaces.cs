namespace Sandan.Customs.Feed;

/// <summary>
/// Where in a batch of events those of a type are, and those that a company may read: one place per block, a row of
/// feed_type or feed_party. It is the stretch from the first such event to the last. Positions count from 1, the first
/// event of the batch.
/// </summary>
internal sealed class FeedPlaces
{
    private readonly Dictionary<(string? Company, short Type), (int First, int Last, int Count)> block = [];

    /// <summary>Null where the place is of the type as a whole.</summary>
    public List<string?> Companies { get; } = [];
    public List<short> Types { get; } = [];

    /// <summary>Position of the first and of the last such event of the block, and of its last event of all.</summary>
    public List<int> Firsts { get; } = [];
    public List<int> Lasts { get; } = [];
    public List<int> Blocks { get; } = [];

    /// <summary>How many such events the block has.</summary>
    public List<short> Events { get; } = [];

    /// <summary>Where the stretch begins in the body, from 1, and how long it is.</summary>
    public List<int> Starts { get; } = [];
    public List<int> Bytes { get; } = [];

    /// <summary>Adds the places of a block.</summary>
    /// <param name="events">The whole batch.</param>
    public void Add(FeedBlock written, List<FeedEvent> events)
    {
        block.Clear();
        for (var at = 0; at < written.Ends.Length; at++)
        {
            var one = events[written.Behind + at];
            var type = FeedTypes.NumberOf(one.Type);
            Note(null, type, at);
            foreach (var party in one.Parties)
            {
                Note(party, type, at);
            }
        }

        foreach (var ((company, type), (first, last, count)) in block)
        {
            var start = first == 0 ? 0 : written.Ends[first - 1];
            Companies.Add(company);
            Types.Add(type);
            Firsts.Add(written.Behind + first + 1);
            Lasts.Add(written.Behind + last + 1);
            Blocks.Add(written.Behind + written.Ends.Length);
            Events.Add((short)count);
            Starts.Add(start + 1);
            Bytes.Add(written.Ends[last] - start);
        }
    }

    private void Note(string? company, short type, int at) => block[(company, type)] =
        block.TryGetValue((company, type), out var known) ? (known.First, at, known.Count + 1) : (at, at, 1);
}
