using ImageApi.Emulator.Orders;
using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Draws an order: what its prompt's hash chooses, its reference images, grain, and the prompt as a caption.</summary>
internal sealed class Painter(Typefaces typefaces)
{
    private static readonly IComposition[] Compositions =
    [
        new MountainRange(), new SilkRibbons(), new BauhausTiles(), new CutCrystal(), new PlanetOrbits(),
        new LeafyArcs(), new ScallopSea(), new NightSkyline(), new WindField(),
    ];

    public void Draw(SKCanvas canvas, Order order, int index, float width, float height, float phase)
    {
        var dice = new Dice(order.Prompt, index);
        var palette = Palette.Choose(dice);
        var composition = dice.Pick(Compositions);
        using var scene = new Scene(canvas, width, height, palette, dice.Fork(0), phase);
        canvas.Clear(order.Format == SKEncodedImageFormat.Jpeg ? SKColors.White : SKColors.Transparent);
        canvas.Save();
        if (order.Transparent)
        {
            using var outline = Cutout.Outline(scene);
            canvas.ClipPath(outline, antialias: true);
        }

        composition.Draw(scene);
        Grain.Draw(scene);
        canvas.Restore();
        if (order.References.Count > 0)
        {
            new SnapshotWall(typefaces).Draw(scene, order.References);
        }

        new Caption(typefaces).Draw(scene, order.Prompt);
    }
}
