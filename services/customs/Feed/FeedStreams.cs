using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Sandan.Customs.Feed;

/// <summary>Counts the open streams of each company.</summary>
internal sealed class FeedStreams(IOptions<CustomsOptions> options)
{
    private readonly ConcurrentDictionary<string, int> open = new();

    /// <summary>Takes a place; false where the company has as many as it may.</summary>
    public bool TryOpen(string company)
    {
        if (open.AddOrUpdate(company, 1, static (_, count) => count + 1) > options.Value.StreamsPerCompanyMax)
        {
            Leave(company);
            return false;
        }

        CustomsMetrics.Stream(1);
        return true;
    }

    /// <summary>Gives the place back.</summary>
    public void Close(string company)
    {
        Leave(company);
        CustomsMetrics.Stream(-1);
    }

    private void Leave(string company)
    {
        if (open.AddOrUpdate(company, 0, static (_, count) => count - 1) == 0)
        {
            open.TryRemove(new(company, 0));
        }
    }
}
