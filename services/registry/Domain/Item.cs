using System.Text.Json.Serialization;
using Sandan.Contracts;

namespace Sandan.Registry.Domain;

/// <summary>What became of one item of a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    /// <summary>It was not there before.</summary>
    [JsonStringEnumMemberName("created")]
    Created,

    /// <summary>It was there and said something else.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>It was there and said the same: a safe repeat.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>A later item of the same request has the same key and counts instead.</summary>
    [JsonStringEnumMemberName("replaced")]
    Replaced,

    /// <summary>It breaks rules and was not stored.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}

/// <summary>An item as read: what it says, and what is wrong with it.</summary>
/// <param name="Index">Place in the request, from 0.</param>
/// <param name="Value">Usable only where <paramref name="Errors"/> is empty.</param>
internal sealed record Item<T>(int Index, T Value, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Nothing is wrong with it.</summary>
    public bool IsGood => Errors.Count == 0;
}

/// <summary>Rules on several items of one request.</summary>
internal static class Items
{
    /// <summary>The good items, of each key only the last one: the later statement holds.</summary>
    public static List<Item<T>> LastOfEach<T, TKey>(IEnumerable<Item<T>> items, Func<T, TKey> key) where TKey : notnull
    {
        var last = new Dictionary<TKey, Item<T>>();
        foreach (var item in items.Where(item => item.IsGood))
        {
            last[key(item.Value)] = item;
        }

        return [.. last.Values];
    }
}
