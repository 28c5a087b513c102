namespace Sandan.Intake;

/// <summary>
/// Memory for bodies while they come in: so much in all, and one company has at most half of it. Whoever sends slowly, or much at
/// once, thereby keeps nobody else out.
/// </summary>
/// <param name="bytesMax">In all, inclusive.</param>
internal sealed class BodyRooms(long bytesMax)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> byCompany = new(StringComparer.OrdinalIgnoreCase);
    private long taken;

    /// <summary>Room for one body, at first none.</summary>
    public Room Open(string company) => new(this, company);

    /// <summary>False, with nothing taken, where there is not so much.</summary>
    public bool TryTake(string company, long bytes)
    {
        lock (gate)
        {
            var own = byCompany.GetValueOrDefault(company) + bytes;
            if (taken + bytes > bytesMax || own > bytesMax / 2)
            {
                return false;
            }

            taken += bytes;
            byCompany[company] = own;
            return true;
        }
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(string company, long bytes)
    {
        lock (gate)
        {
            taken -= bytes;
            if ((byCompany[company] -= bytes) == 0)
            {
                byCompany.Remove(company);
            }
        }
    }
}

/// <summary>Room for one body; disposed when the body is not needed any more.</summary>
internal sealed class Room(BodyRooms rooms, string company) : IDisposable
{
    private long bytes;

    /// <summary>Takes so much in all; false, with what there was, where that is not to be had.</summary>
    public bool TryGrow(long to)
    {
        if (!rooms.TryTake(company, to - bytes))
        {
            return false;
        }

        bytes = to;
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (bytes > 0)
        {
            rooms.Return(company, bytes);
        }
    }
}
