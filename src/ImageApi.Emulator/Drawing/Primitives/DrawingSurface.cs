using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Primitives;

/// <summary>What a composition draws on, and with.</summary>
internal sealed class DrawingSurface(SKCanvas canvas, float width, float height, ColorPalette palette, DeterministicRandom random, float phase) : IDisposable
{
    private readonly SKPaint _paint = new() { IsAntialias = true, IsDither = true };

    public SKCanvas Canvas => canvas;

    public float Width => width;

    public float Height => height;

    /// <summary>The shorter edge: what shapes are measured by, so that a picture looks alike in every size.</summary>
    public float Unit { get; } = Math.Min(width, height);

    public float Diagonal { get; } = MathF.Sqrt((width * width) + (height * height));

    public ColorPalette Palette => palette;

    public DeterministicRandom Random => random;

    /// <summary>The moment of a moving picture, from 0 to 1, where 1 is the beginning again.</summary>
    public float Phase => phase;

    /// <summary>An angle that runs full circle in a moving picture.</summary>
    public float PhaseAngle => phase * MathF.Tau;

    public SKPaint Fill(SKColor color)
    {
        Reset();
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color;
        return _paint;
    }

    public SKPaint Stroke(SKColor color, float strokeWidth)
    {
        Reset();
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = strokeWidth;
        _paint.StrokeCap = SKStrokeCap.Round;
        _paint.StrokeJoin = SKStrokeJoin.Round;
        _paint.Color = color;
        return _paint;
    }

    public SKPaint LinearGradient(SKPoint from, SKPoint to, params SKColor[] colors)
    {
        var paint = Fill(SKColors.White);
        paint.Shader = SKShader.CreateLinearGradient(from, to, colors, SKShaderTileMode.Clamp);
        return paint;
    }

    public SKPaint RadialGradient(SKPoint center, float radius, params SKColor[] colors)
    {
        var paint = Fill(SKColors.White);
        paint.Shader = SKShader.CreateRadialGradient(center, radius, colors, SKShaderTileMode.Clamp);
        return paint;
    }

    public void FillBackground(params SKColor[] colors) => canvas.DrawRect(0, 0, width, height, LinearGradient(new(0, 0), new(width * 0.12f, height), colors));

    public void DrawCircle(float x, float y, float radius, SKPaint paint) => canvas.DrawCircle(x, y, radius, paint);

    public void Dispose()
    {
        Reset();
        _paint.Dispose();
    }

    private void Reset()
    {
        _paint.Shader?.Dispose();
        _paint.Shader = null;
        _paint.BlendMode = SKBlendMode.SrcOver;
        _paint.StrokeCap = SKStrokeCap.Butt;
    }
}
