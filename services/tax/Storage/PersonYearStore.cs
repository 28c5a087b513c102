using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;

namespace Sandan.Tax.Storage;

/// <summary>What persons have bought, by calendar year.</summary>
internal static class PersonYearStore
{
    /// <summary>What these persons have bought in these years, locked from now on, as far as they bought anything.</summary>
    public static async Task<PersonYears> LockAsync(
        UnitOfWork unit, HashSet<PersonYearKey> keys, CancellationToken ct)
    {
        var years = new PersonYears();
        if (keys.Count == 0)
        {
            return years;
        }

        await using var command = unit.Command(
            """
            SELECT p.person_index, p.year, p.used_cny, p.used_kg
            FROM unnest($1, $2) AS asked (person_index, year)
            JOIN person_year AS p ON p.person_index = asked.person_index AND p.year = asked.year
            ORDER BY p.person_index, p.year FOR UPDATE OF p
            """,
            keys.Select(key => key.PersonIndex).ToArray(),
            keys.Select(key => key.Year).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            years.AddKnown(new(reader.GetString(0), reader.GetInt32(1)), Columns.ReadYear(reader, 2, 3));
        }

        return years;
    }

    /// <summary>Adds the years that are new.</summary>
    /// <exception cref="RacedException">Another transaction booked the first order of one of these persons.</exception>
    public static Task AddAsync(UnitOfWork unit, PersonYears years, CancellationToken ct) => Columns.AddAsync(
        unit,
        "COPY person_year (person_index, year, used_cny, used_kg) FROM STDIN (FORMAT BINARY)",
        years.Added(),
        async (import, one, stop) =>
        {
            await import.WriteAsync(one.Key.PersonIndex, NpgsqlDbType.Text, stop);
            await import.WriteAsync(one.Key.Year, NpgsqlDbType.Integer, stop);
            await import.WriteAsync(one.Value.UsedCny, NpgsqlDbType.Numeric, stop);
            await import.WriteAsync(Columns.Kilograms(one.Value), NpgsqlDbType.Bytea, stop);
        },
        ct);

    /// <summary>Writes the years that were known and changed, in the batch given.</summary>
    public static void Update(NpgsqlBatch batch, PersonYears years)
    {
        var changed = years.Changed();
        if (changed.Count > 0)
        {
            batch.Add(
                """
                UPDATE person_year AS p SET used_cny = new.used_cny, used_kg = new.used_kg
                FROM unnest($1, $2, $3, $4) AS new (person_index, year, used_cny, used_kg)
                WHERE p.person_index = new.person_index AND p.year = new.year
                """,
                Columns.Of(changed, one => one.Key.PersonIndex),
                Columns.Of(changed, one => one.Key.Year),
                Columns.Of(changed, one => one.Value.UsedCny),
                Columns.Of(changed, NpgsqlDbType.Bytea, one => Columns.Kilograms(one.Value)));
        }
    }
}

/// <summary>Years of persons while a transaction books: as they were, and as they become.</summary>
internal sealed class PersonYears
{
    private readonly HashSet<PersonYearKey> known = [];
    private readonly Dictionary<PersonYearKey, PersonYear> used = [];
    private readonly HashSet<PersonYearKey> changed = [];

    /// <summary>What is booked; nothing where the person is new.</summary>
    public PersonYear this[PersonYearKey key] => used.GetValueOrDefault(key, PersonYear.Empty);

    /// <summary>A year that is stored, and locked.</summary>
    public void AddKnown(PersonYearKey key, PersonYear year)
    {
        known.Add(key);
        used.Add(key, year);
    }

    /// <summary>Books.</summary>
    public void Book(PersonYearKey key, PersonYear booked)
    {
        if (!booked.IsEmpty)
        {
            used[key] = this[key].Plus(booked);
            changed.Add(key);
        }
    }

    /// <summary>Gives back.</summary>
    public void GiveBack(PersonYearKey key, PersonYear booked)
    {
        if (!booked.IsEmpty)
        {
            used[key] = this[key].Less(booked);
            changed.Add(key);
        }
    }

    /// <summary>What is to be added, in the order of the locks.</summary>
    public List<KeyValuePair<PersonYearKey, PersonYear>> Added() => Those(stored: false);

    /// <summary>What is to be changed.</summary>
    public List<KeyValuePair<PersonYearKey, PersonYear>> Changed() => Those(stored: true);

    private List<KeyValuePair<PersonYearKey, PersonYear>> Those(bool stored)
    {
        var those = new List<KeyValuePair<PersonYearKey, PersonYear>>(changed.Count);
        foreach (var key in changed)
        {
            if (known.Contains(key) == stored)
            {
                those.Add(new(key, used[key]));
            }
        }

        those.Sort((left, right) => left.Key.CompareTo(right.Key));
        return those;
    }
}
