"""First names of people, folded; a table and nothing else.

Names of France, Switzerland, Britain, the United States, Spain and Italy as the library Faker
(MIT licence) lists them, without those that are words or places, and some Arabic and Russian ones.
"""

FIRST_NAMES = frozenset(
    """
aaron abbie abdul abel abigail abilio abraham abril achille adalberto adam adamo adan adela
adelaida adelaide adelardo adelasia adele adelia adelina adelmo adolfo adora adoracion adrian
adriana adriano adrien adrienne agapito agata agathe agnes agnolo agostino agueda agustin
agustina ahmed aicha aime aimee ainara ainoa aisha aitana aitor alain alan alba albano
alberico albert alberto albina albino alcides alderano aldo ale alec alejandra alejandro alejo
alessandra alessandro alessia alessio alex alexa alexander alexandra alexandre alexandria
alexandrie alexis alfio alfonso alfred alfredo ali alice alicia alina alisha alison alix allan
allegra allen allison alma almudena alondra alonso alphons alphonse alvaro alvin alyssa amada
amadeo amado amador amalia amancio amanda amando amarilis amaro amaya ambar amber ambrosio
amedeo amelia amelie americo amico amilcar amleto amor amparo amy ana anabel anacleto anais
anastasia anastasie anastasio andre andrea andree andres andrew angel angela angeles angelica
angelina angelino angelita angelo angie ani anibal anita ann anna annalisa annamaria anne
annetta annette annibale annunziata anouk ansaldo anselma anselmo anthony antoine antoinette
antonella antonello antonia antonietta antonina antonino antonio antony anunciacion apolinar
apolonia araceli aranzazu arcelia aria ariadna ariana ariel aristides armando armida arnaldo
arnaude arnulfo aroa arsenio artemio arthur arturo ascension asdrubal ashlee ashleigh ashley
asma astrid asuncion atenulf atilio audrey auguste augustin augusto aura aurea aurelia
aureliano aurelie aurelio aurora aurore austin azahar azahara azeglio azeneth azucena baccio
bachar bailey baldassare baldomero balduino baltasar barack barbara barry bartolome bartolomeo
bashar basilio baudelio bautista beatrice beatriz becky begona belen belinda ben benedetto
benigna benigno benita benito benjamin benoit benvenuto beppe berenice bernabe bernadette
bernard bernarda bernardino bernardita bernardo berta berto bertrand beth bethan bethany
bettina betty beverley beverly biagio bianca bibiana bienvenida bill billy blake blanca blas
bob bobby bonifacio bonnie boris borja brad bradley brady brandi brandon brandy breanna brenda
brendan brent brett brian briana brianna bridget brigida brigitte brittany brittney brooke
bruce brunilda bruno bryan bryce buenaventura caitlin caitlyn calcedonio caleb calista calisto
calixta calixto callum calogero calvin cameron camila camilla camille camillo camilo candace
candela candelaria candelario candelas candice candida candido capucine caridad carina carl
carla carlito carlo carlos carlota carly carmela carmelita carmelo carmen carmina carol carole
carolina caroline carolyn carrie casandra casemiro casey cassandra cassidy cassie catalina
caterina catherine cathy cayetana cayetano cebrian cecile cecilia cecilio ceferino celestina
celestino celia celina celine celso cesar cesare chantal charlene charles charlie charlotte
charo chase che chelo chelsea chelsey chema cheryl cheyenne chiara chita chloe chris
christelle christian christiane christie christina christine christophe christopher christy
chucho chus chuy cindy cintia cipriano ciriaco cirillo cirino ciro claire clara clare clarence
clarisa claude claudia claudine claudio clayton clelia clemence clemente clementina cleto
clifford climaco clinton clive cloe clotilde cody cole colette colin colleen collin colton
coluccio concepcion concetta concha connie connor conor conrado constance constanza consuela
consuelo coral corey corinne coriolano cornelio corona corrado cory cosme costantino costanzo
courtney craig crescencia cristian cristina cristobal cruz crystal curro curtis custodia
custodio cynthia dafne daisy dakota dale dalila dalton damian damiano damien damon dan dana
dani daniel daniela daniele danielle danilo danny dante daria darin dario darius darlene
darrell darren darryl daryl dave david dawn deanna debbie debora deborah debra declan delfina
delfino delia demetrio denis denise dennis derek derrick desiderio desiree destiny devin devon
diamond diana diane diego dillon dimas dina dino dionigi dionisia dionisio dmitri dolores
domenico dominga domingo dominic dominique domitila don donald donatella donatello donato
donna dora doris dorita dorotea dorothee dorothy douglas drew duane duilio dulce duncan
durante dustin dwayne dylan earl ebony eddie edelmira edelmiro edgar edgardo edith edmundo
edoardo edouard edu eduardo edward edwin efrain ehud eileen eladio elaine elba eleanor
eleanora elena eleonore eleuterio eli eliana eliane elias eligia eligio elijah elisa elisabet
elisabeth elise eliseo elizabeth elladio ellen ellie elliot elliott elmo elodia elodie eloisa
eloy elpidio elvira ema emelina emigdio emile emilia emiliana emiliano emilie emilio emily
emma emmanuel emmanuelle emperatriz encarna encarnacion encarnita ennio enrico enrique enzio
enzo epifanio eraldo erasmo eric erica erik erika erin ermanno ermenegildo ermes ernest
ernesto esmeralda esperanza espiridion esteban estefania estela ester esther estrella etelvina
ethan etienne etta ettore eufemia eugene eugenia eugenio eulalia eusebia eusebio eustaquio
eutimio eutropio eva evan evangelina evangelista evaristo evelia evelyn evita ezequiel ezio
fabia fabian fabiana fabienne fabio fabiola fabricio fabrizia fabrizio fanny fatima faustino
fausto fawaz febe fedele federica federico federigo felicia feliciana feliciano felicidad
felipa felipe felisa felix ferdinando fermin fernanda fernando fiamma fidel fidela filippa
filippo filomena fiona fiorenzo fiorino fito flavia flavio flor flora florencia florencio
florentina florentino florian florina florinda fortunata fortunato frances francesca francesco
francis francisca francisco franck franco francois francoise frank franklin fred frederic
frederick frederique fredo fulgencio fulvio gabino gabriel gabriela gabriele gabriella
gabrielle gaetano gail gala galasso galo gareth garrett garry gary gaspar gaspare gaston
gastone gavin gelsomina gema gemma gene genevieve genoveva geoffrey george georges georgette
georgina gerald geraldine geraldo gerard gerardo germaine german germana geronimo gertrudis
gervasio giacinto giacobbe giacomo giada giampaolo giampiero gian giancarlo gianfrancesco
gianfranco gianluca gianluigi gianmarco gianna gianni gianpaolo gianpietro gil gilbert
gilberto gilles gillian gina gino gioacchino gioachino gioele gioffre gionata giorgia giorgio
giosue giovanna giovanni girolamo gisela giulia giuliana giuliano giulietta giulio giuseppe
giuseppina giustino glauco glen glenda glenn gloria godofredo goffredo gonzalo gordon goyo
gracia graciana graciano graciela graeme graham grant graziano graziella greca greco greg
gregg gregoire gregorio gregory griselda guadalupe guarino guglielmo guido guillaume guillermo
guiomar gustavo guy gwendolyn hafez hailey haley hannah hannibal harold haroldo harriet harry
hassan haydee hayden hayley hazel heather hector heidi helen helene heliodoro henri henriette
henry heraclio herbert herberto heriberto hermenegildo herminia herminio hernan hernando
hilario hilary hilda hillary hipolito hollie holly honore horacio hortense hortensia hosni
howard hugh hugo hugues humberto hunter hussein iain ian iban ida ignacia ignacio ignazio igor
iker ilaria ildefonso ileana imelda ines ingrid inigo inmaculada inocencio iolanda ippazio
irene iris irma isa isaac isabel isabela isabella isabelle isaiah isaias isaura isidora
isidoro isidro ismael itziar ivan ivo jacinta jacinto jack jackie jackson jaclyn jacob jacobo
jacopo jacqueline jacques jade jafet jaime jake james jamie jane janet janice jared jasmin
jasmine jason javi javier javiera jay jayne jean jeanette jeanne jeannine jeff jeffery jeffrey
jemma jenaro jenna jennifer jenny jeremiah jeremias jeremy jermaine jerome jeronimo jerry
jesse jessica jesus jesusa jill jillian jim jimena jimmy joan joann joanna joanne joaquin
joaquina jocelyn jodi jodie jody joe joel john johnathan johnny jolanda jon jonatan jonathan
jonathon jordana jordi jorge jose josefa josefina josep joseph josephine josette josh joshua
josiane josue jovita joyce juan juana juanita juanito judith judy jules julia julian juliana
julie julien julieta juliette julio justin kaitlin kaitlyn kara karen kari karina karl karla
kate katelyn katherine kathleen kathryn kathy katie katrina katy kayla kaylee kayleigh keith
kelli kellie kelly kelsey kendra kenneth kent kerri kerry kevin khaled kiara kieran kike kim
kimberley kimberly kirk kirsten kirsty krista kristen kristi kristie kristin kristina kristine
kristopher kristy krystal kurt kyle kylie lacey laetitia lalo lamberto lance lando lara larry
latasha latoya laura laure laureano lauren laurence laurent lauretta laurie lawrence lazaro
lazzaro lea leah leandra leandro leanne lee leigh leire leo leocadia leocadio leon leonard
leonardo leoncio leone leonel leonor leopoldo leroy lesley leslie leticia letizia levi lewis
leyre liam liana liberto licia lidia ligia lilia liliana liliane lilla lina linda lindsay
lindsey lino lisa lisandro livia livio lodovico logan loic loida lola lolita lonnie lope
loredana lorena lorenza lorenzo loreto loretta lori lorraine louis louise lourdes luc luca
lucas luce luchino lucho lucia luciana luciano lucie lucila lucio lucrezia lucy ludovica
ludovico luigi luigina luis luisa luisina luke luna lupe lupita luz lydia lynda lynn lynne
macarena macaria macario mackenzie madeleine madeline madison magdalena maggie maher maite
makayla malcolm malena malik mallory mamen mandy manola manolo manon manu manuel manuela
manuelita marc marcantonio marcel marcela marcelino marcella marcelle marcello marcelo marcia
marcial marciano marcio marco marcos marcus margaret margarita margaud margaux margherita
margot marguerite maria mariah marian mariana marianela marianne mariano maribel maricela
maricruz marie marilyn marina marine marino mario marion marisa marisela marisol marissa
maristela marita mark marta martha marthe martin martina martine martino martirio martyn
marvin mary maryse mason massimiliano massimo mateo mathew mathieu mathilde matias matilda
matilde matteo matthew matthieu mattia maura maureen maurice mauricio maurilio maurizio mauro
max maxi maxima maxime maximiano maximiliano maximino maximo maxwell mayte mckenzie meagan
megan meghan melania melanie melchor melina melinda melisa melissa melody melvin mercedes
merche meredith mia micaela michael michaela micheal michel michela michelangelo michele
micheletto michelle michelotto miguel miguela mikayla mike milagros milena milo mindy miranda
mirco mireia miriam mirko mirta misty mitchell mitt modesta modesto mohamed mohammad mohammed
moises molly monica monique montserrat morena moreno morgan mouammar muammar mutassim nacho
nacio nadia nancy nando nanni naomi napoleone narcisa narciso nasser natalia natalie natalio
natanael natasha nath nathalie nathan nathaniel natividad nayara nazaret nazario nedda neil
nelida nelly nerea nereida nestor nicanor niccolo nicholas nichole nico nicodemo nicola
nicolas nicolasa nicole nicoletta nicolo nidia nieves nigel nilda nilo nina ninetta nino noa
noah noe noel noelia noemi nolan norberto norma norman nuria nydia obdulia oceane octavia
octavio odalis odalys odette ofelia olalla oleg olegario olga olimpia oliver olivia olivie
olivier omar onofre orazio oreste oriana orlando ornella oscar osvaldo otilia ottavio ottone
ovidio owen pablo paca pacifica paco paige palmira paloma pam pamela pancho panfilo paola
paoletta paolo paride parker pascal pascual pascuala pasqual pasquale pastor pastora patricia
patricio patrick patrizia patrizio patty paul paula paulette paulina pauline paulino paz pedro
peggy pelayo pellegrino penelope penny pepe pepita pepito perla perlita perry peter petrona
philip philippe philippine phillip phyllis pia piedad pier pierangelo piergiorgio piergiuseppe
pierina pierluigi piermaria piero pierpaolo pierre piersanti pietro pilar pili pina pio
placido plinio pompeo pomponio poncio porfirio preston primitiva primitivo priscila priscilla
prudencia prudencio puccio purificacion quique quirino rachael rachel rafa rafael rafaela
raffaele raffaella raffaellino raffaello raimondo raimundo ralph ramiro ramon ramona randall
randy ranieri raquel raul raven ray raymond rebeca rebecca rebekah recep reece regina reginald
regulo reina reinaldo rembrandt remedios remigio remy renata renato rene renee renzo reyes
reyna reynaldo rhonda rhys ricarda ricardo riccardo ricciotti richard rick rickey ricky rico
riley rita robert roberta roberto robin robyn rocco rocio rodham rodney rodolfo rodrigo
rogelio roger roland rolando roldan romain roman romana romeo romina romolo romulo ronald
ronaldo ronnie roque rosa rosalia rosalina rosalinda rosalva rosaria rosario rosaura rose
rosemary rosenda rosendo rosie rosina ross rossana roxana roy ruben rufina rufino ruggero
ruggiero ruperta ruperto russell ruth ruy ryan saadi sabas sabatino sabina sabine sabrina
saddam saif sally salome salomon salud salvador salvatore salvi sam samanta samantha samu
samuel sancho sandalio sandra sandrine sandro sandy sante santiago santino santos sara sarah
sarita saturnina saturnino savannah saverio scott sean sebastian sebastiano sebastien
segismundo seif selena serafina serena sergei sergio sergius seth seve severiano severino
severo shane shannon shari sharon shaun shawn shawna sheena sheila shelby shelia shelley
shelly sheri sherri sherry sheryl shimon shirley sian sierra sigfrido silvestre silvestro
silvia silvio simon simone simonetta socorro sofia sol sole soledad sonia sonya sophia sophie
soraya sosimo spencer stacey stacie stacy stanley stefani stefania stefanie stefano stella
stephane stephanie stephen steve steven stewart stuart sue susan susana susanita susanna
susanne suzanne sydney sylvia sylvie tabitha tadeo tamara tami tammie tammy tania tanner tanya
tara tasha tatiana taylor tecla telemaco telmo temistocle teo teobaldo teodora teodoro
teodosio teofila teofilo tere terence teresa teresita terrance terrence terri terry theo
theodore theophile theresa therese thibault thibaut thierry thomas tiburcio tiffany tim
timoteo timothee timothy tina tito tiziana tiziano toby todd tom tomas tomasa tommy toni tonia
tonino tono tony tonya toribio torquato tracey traci tracie tracy travis trevor tricia trini
trinidad tristan troy tullio tyler tyrone ubaldo uberto ugo ugolino ulises umberto urbano
ursula valentin valentina valentine valeria valerie valerio valero vanesa vanessa vasco
venancio venceslas vera vernon veronica veronique vicenta vicente vicki vickie victoire victor
victoria victoriano victorino vidal vilma vincent vincentio vincenza vincenzo vinicio violeta
virgilio virginia virginie viridiana visitacion vito vittoria vittorio viviana vladimir
volodymyr walter wanda warren wayne wendy wesley whitney wilfredo william willie wyatt xavier
ximena xiomara yago yair yaiza yasser yesenia yesica yessica yolanda yves yvette yvonne
zacarias zacharie zachary zaida zaira zoe zoraida
""".split()
)
