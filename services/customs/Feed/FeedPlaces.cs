namespace Sandan.Customs.Feed;

/// <summary>
/// Where in a batch of events those of a type are, and those that a company may read: one place per block. Places count
/// from 1, the first event of the batch.
/// </summary>
internal sealed class FeedPlaces
{
    private readonly Dictionary<(string? Company, short Type), (int Last, short Events)> block = [];

    /// <summary>Null where the place is of the type as a whole.</summary>
    public List<string?> Companies { get; } = [];
    public List<short> Types { get; } = [];

    /// <summary>Place of the last such event of the block.</summary>
    public List<int> Lasts { get; } = [];

    /// <summary>Place of the last event of the block.</summary>
    public List<int> Blocks { get; } = [];

    /// <summary>How many such events the block has.</summary>
    public List<short> Events { get; } = [];

    /// <summary>Adds a block that begins behind so many events.</summary>
    public void Add(ReadOnlySpan<FeedEvent> events, int behind)
    {
        block.Clear();
        for (var at = 0; at < events.Length; at++)
        {
            var type = FeedTypes.NumberOf(events[at].Type);
            Note(null, type, behind + at + 1);
            foreach (var party in events[at].Parties)
            {
                Note(party, type, behind + at + 1);
            }
        }

        foreach (var ((company, type), (last, count)) in block)
        {
            Companies.Add(company);
            Types.Add(type);
            Lasts.Add(last);
            Blocks.Add(behind + events.Length);
            Events.Add(count);
        }
    }

    private void Note(string? company, short type, int place)
    {
        block.TryGetValue((company, type), out var known);
        block[(company, type)] = (place, (short)(known.Events + 1));
    }
}
