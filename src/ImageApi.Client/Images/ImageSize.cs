using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Client.Images.Internal;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>The size of a picture, <c>WIDTHxHEIGHT</c> in pixels or <c>auto</c>. An open word: any text the server knows can be used.</summary>
/// <remarks><see cref="TryValidate"/> checks the rule published for gpt-image-2 (OpenAI's convention); nothing is checked unasked.</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct ImageSize
{
    private const int Step = 16;
    private const int MaxEdge = 3840;
    private const int MaxRatio = 3;
    private const int MinPixels = 655_360;
    private const int MaxPixels = 8_294_400;

    /// <summary>Initializes a size.</summary>
    /// <param name="value">The size as the API spells it: 1 to 256 characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty, too long, or holds control characters.</exception>
    public ImageSize(string value) => Value = ExtensibleEnum.Validate(value);

    /// <summary>Initializes a size.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public ImageSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);

        Value = width.ToString(CultureInfo.InvariantCulture) + "x" + height.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Gets <c>auto</c>: the model decides (OpenAI's convention).</summary>
    public static ImageSize Auto => new("auto");

    /// <summary>Gets <c>1024x1024</c> (OpenAI's convention).</summary>
    public static ImageSize Square1K => new("1024x1024");

    /// <summary>Gets <c>2752x1536</c>, the size of the contract's samples.</summary>
    public static ImageSize Landscape2K => new("2752x1536");

    /// <summary>Gets the size as it is sent.</summary>
    public string Value => field ?? string.Empty;

    /// <summary>Gets the width in pixels; null when the size is a word.</summary>
    public int? Width => Split()?.Width;

    /// <summary>Gets the height in pixels; null when the size is a word.</summary>
    public int? Height => Split()?.Height;

    /// <summary>Turns a text into a size.</summary>
    /// <param name="value">The size as the API spells it. Null gives the default, which is not sent.</param>
    public static implicit operator ImageSize(string? value) => value is null ? default : new(value);

    /// <summary>Turns a text into a size, or null into null.</summary>
    /// <param name="value">The size as the API spells it.</param>
    public static implicit operator ImageSize?(string? value) => value is null ? default(ImageSize?) : new ImageSize(value);

    /// <summary>Finds the size for a ratio and a class of resolution.</summary>
    /// <param name="ratio">One of the ratios that <see cref="AspectRatio"/> names.</param>
    /// <param name="resolution">The class of resolution.</param>
    /// <returns>The size.</returns>
    /// <exception cref="ArgumentException">There is no size for the ratio.</exception>
    public static ImageSize FromAspectRatio(AspectRatio ratio, ImageResolution resolution) => ImageSizeTable.Find(ratio, resolution);

    /// <summary>Checks the size against the rule published for gpt-image-2 (OpenAI's convention): edges divisible by 16 and at most 3 840,
    /// a ratio of at most 3:1, and 655 360 to 8 294 400 pixels.</summary>
    /// <param name="error">What is wrong with it; null when it is valid.</param>
    /// <returns>True when it keeps the rule or is <c>auto</c>.</returns>
    public bool TryValidate([NotNullWhen(false)] out string? error)
    {
        error = FindError();
        return error is null;
    }

    /// <summary>Compares two sizes without regard to case.</summary>
    /// <param name="other">The other size.</param>
    /// <returns>True when they are the same.</returns>
    public bool Equals(ImageSize other) => ExtensibleEnum.Equal(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => ExtensibleEnum.Hash(Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private string? FindError()
    {
        if (Split() is not { } size)
        {
            return ExtensibleEnum.Equal(Value, "auto") ? null : "The size must have the form WIDTHxHEIGHT, or be auto.";
        }

        var (width, height) = size;
        return width % Step != 0 || height % Step != 0 ? $"Both edges must be divisible by {Step}."
            : Math.Max(width, height) > MaxEdge ? $"The longer edge must have at most {MaxEdge} pixels."
            : Math.Max(width, height) > MaxRatio * Math.Min(width, height) ? $"The ratio must be at most {MaxRatio}:1."
            : (long)width * height is < MinPixels or > MaxPixels ? $"The image must have {MinPixels} to {MaxPixels} pixels."
            : null;
    }

    private (int Width, int Height)? Split()
    {
        var parts = Value.Split('x', 'X');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height) && height > 0
            ? (width, height) : null;
    }

    /// <summary>Reads and writes the size as a JSON text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<ImageSize>
    {
        /// <inheritdoc/>
        public override ImageSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(ExtensibleEnum.Read(ref reader));

        /// <inheritdoc/>
        public override void Write(Utf8JsonWriter writer, ImageSize value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);

            writer.WriteStringValue(value.Value);
        }
    }
}
