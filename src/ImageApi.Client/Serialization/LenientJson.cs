using System.Globalization;
using System.Text.Json;

namespace ImageApi.Client.Serialization;

/// <summary>Reads members that may be missing, null, of another type or under another name: nothing here throws for what a server wrote.</summary>
internal static class LenientJson
{
    private const double MillisecondsFrom = 100_000_000_000;

    extension(JsonElement element)
    {
        /// <summary>Finds the first of the names that is there and not null.</summary>
        public bool TryFind(ReadOnlySpan<string> names, out JsonElement value)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var name in names)
                {
                    if (element.TryGetMember(name, out value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                    {
                        return true;
                    }
                }
            }

            value = default;
            return false;
        }

        public bool TryFind(string name, out JsonElement value) => element.TryFind([name], out value);

        /// <summary>Reads a text; a number becomes text; anything else, and a text that is not Unicode, is null.</summary>
        public string? AsText() => element.ValueKind switch
        {
            JsonValueKind.String => element.UnicodeText(),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };

        public string? Text(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (element.TryFind(name, out var value) && value.AsText() is { } text && !string.IsNullOrWhiteSpace(text))
                {
                    return text;
                }
            }

            return null;
        }

        /// <summary>Reads a text that can be an open word.</summary>
        public string? Enum(params ReadOnlySpan<string> names) => element.Text(names) is { } text && ExtensibleEnum.IsValid(text) ? text : null;

        /// <summary>Reads a finite number, or a text that is one.</summary>
        public double? AsNumber()
        {
            if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number))
            {
                return IsFinite(number) ? number : null;
            }

            var text = element.ValueKind == JsonValueKind.String ? element.UnicodeText() : null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && IsFinite(number) ? number : null;
        }

        public double? Number(params ReadOnlySpan<string> names) => element.TryFind(names, out var value) ? value.AsNumber() : null;

        public int? Integer(params ReadOnlySpan<string> names) => (int?)element.Long(int.MinValue, int.MaxValue, names);

        public long? Long(params ReadOnlySpan<string> names) => element.Long(-9_007_199_254_740_991, 9_007_199_254_740_991, names);

        /// <summary>Reads a point in time: seconds, milliseconds from 100 000 000 000 on, a numeric text, a fraction, or ISO 8601.</summary>
        public DateTimeOffset? Time(params ReadOnlySpan<string> names)
        {
            if (!element.TryFind(names, out var value))
            {
                return null;
            }

            if (value.AsNumber() is { } number)
            {
                return FromUnixTime(number);
            }

            var text = value.AsText();
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
        }

        /// <summary>Keeps the members that none of the names is, as copies that outlive the document.</summary>
        public IReadOnlyDictionary<string, JsonElement> Others(ReadOnlySpan<string> known)
        {
            if (!element.HasOthers(known))
            {
                return NoMembers;
            }

            // one copy of all: a copy of each of many small members would take many times their size
            var others = new Dictionary<string, JsonElement>(element.GetPropertyCount(), StringComparer.Ordinal);
            foreach (var member in element.Clone().EnumerateObject())
            {
                if (!IsNamed(member, known) && UnicodeName(member) is { } name)
                {
                    others[name] = member.Value;
                }
            }

            return others;
        }

        private bool HasOthers(ReadOnlySpan<string> known)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in element.EnumerateObject())
                {
                    if (!IsNamed(member, known) && UnicodeName(member) is not null)
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        private bool TryGetMember(string name, out JsonElement value)
        {
            try
            {
                return element.TryGetProperty(name, out value);
            }
            catch (InvalidOperationException)
            {
                // another member's name is not Unicode: it must not hide this one
                value = element.LastNamed(name);
                return value.ValueKind != JsonValueKind.Undefined;
            }
        }

        private JsonElement LastNamed(string name)
        {
            JsonElement last = default;
            foreach (var member in element.EnumerateObject())
            {
                if (IsNamed(member, name))
                {
                    last = member.Value;
                }
            }

            return last;
        }

        private long? Long(long min, long max, ReadOnlySpan<string> names) =>
            element.Number(names) is { } number && number >= min && number <= max ? (long)number : null;

        private string? UnicodeText()
        {
            try
            {
                return element.GetString();
            }
            catch (InvalidOperationException)
            {
                return null; // bytes that are not UTF-8, or half of a surrogate pair: unreadable, so absent
            }
        }
    }

    public static IReadOnlyDictionary<string, JsonElement> NoMembers { get; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    public static string? UnicodeName(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Says whether a member has a name; one whose name is not Unicode has none.</summary>
    public static bool IsNamed(JsonProperty member, string name)
    {
        try
        {
            return member.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsNamed(JsonProperty member, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (IsNamed(member, name))
            {
                return true;
            }
        }

        return false;
    }

    private static DateTimeOffset? FromUnixTime(double number)
    {
        var milliseconds = Math.Abs(number) >= MillisecondsFrom ? number : number * 1000;
        return milliseconds is >= -62_135_596_800_000 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
    }

    private static bool IsFinite(double number) => !double.IsNaN(number) && !double.IsInfinity(number);
}
