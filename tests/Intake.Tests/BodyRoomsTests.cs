namespace Sandan.Intake.Tests;

public sealed class BodyRoomsTests
{
    [Fact]
    public void One_company_has_half_of_the_room_and_all_together_have_all_of_it()
    {
        var rooms = new BodyRooms(100);
        var (first, second, third, other, last) = (rooms.Open("A"), rooms.Open("A"), rooms.Open("a"), rooms.Open("B"), rooms.Open("C"));

        Assert.True(first.TryGrow(20));
        Assert.True(first.TryGrow(40)); // 20 more
        Assert.True(second.TryGrow(10));
        Assert.False(third.TryGrow(1));
        Assert.True(other.TryGrow(50));
        Assert.False(last.TryGrow(1));

        first.Dispose();
        Assert.True(third.TryGrow(40));
        Assert.False(last.TryGrow(1));
        other.Dispose();
        Assert.True(last.TryGrow(50));
    }

    [Fact]
    public void What_was_refused_takes_nothing_and_what_is_given_back_is_there_again()
    {
        var rooms = new BodyRooms(100);
        for (var time = 0; time < 3; time++)
        {
            using var room = rooms.Open("A");
            Assert.True(room.TryGrow(50));
            Assert.False(room.TryGrow(51));
        }

        using var empty = rooms.Open("B"); // one that never grew gives nothing back
    }
}
