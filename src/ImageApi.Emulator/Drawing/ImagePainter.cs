using ImageApi.Emulator.Drawing.Compositions;
using ImageApi.Emulator.Drawing.Overlays;
using ImageApi.Emulator.Drawing.Primitives;
using ImageApi.Emulator.Generations;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing;

/// <summary>Draws an order: what its prompt's hash chooses, its reference images, grain, and the prompt as a caption.</summary>
internal sealed class ImagePainter(FontCollection fonts)
{
    private static readonly IComposition[] Compositions =
    [
        new MountainRange(), new SilkRibbons(), new BauhausTiles(), new CutCrystal(), new PlanetOrbits(),
        new LeafyArcs(), new ScallopSea(), new NightSkyline(), new WindField(),
    ];

    public void Draw(SKCanvas canvas, GenerationRequest request, int index, float width, float height, float phase)
    {
        var random = new DeterministicRandom(request.Prompt, index);
        var palette = ColorPalette.ChooseRandom(random);
        var composition = random.Pick(Compositions);
        using var surface = new DrawingSurface(canvas, width, height, palette, random.Fork(0), phase);
        canvas.Clear(request.Format == SKEncodedImageFormat.Jpeg ? SKColors.White : SKColors.Transparent);
        canvas.Save();
        if (request.IsTransparent)
        {
            using var outline = TransparencyMask.CreateOutline(surface);
            canvas.ClipPath(outline, antialias: true);
        }

        composition.Draw(surface);
        GrainOverlay.Draw(surface);
        canvas.Restore();
        if (request.ReferenceImages.Count > 0)
        {
            new ReferenceImageOverlay(fonts).Draw(surface, request.ReferenceImages);
        }

        new PromptCaption(fonts).Draw(surface, request.Prompt);
    }
}
