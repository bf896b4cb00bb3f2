"""A small made-up plan that uses every do-nothing rule and driver family at once: what two programs can disagree about.

Two systems, two commissioners, two providers, a payer outside; every payment mechanism, transfers from support, between
commissioners and once only, allocations not yet firm, contracts settled between two figures, events of both scopes,
correlation, persistence, demography. TABLES are lines of CSV by table; FLOORS is a table more.
"""
import os

YEARS = 3
_LABELS = [f"20{18 + t}/{19 + t}" for t in range(YEARS + 1)]

TABLES = {
    "systems": ["code,name,region", "S,South,X", "R,North,X"],
    "organisations": ["code,name,kind,system,opening_surplus", "C,CCG,ccg,S,0", "D,Specialised,specialised,R,0", "T,Trust,acute,S,-10",
                      "U,Community trust,community,R,8"],
    "outside": ["code,name,kind,population_system", "E,Elsewhere,commissioner,ENG", "X,Suppliers,supplier,"],
    "services": ["code,name,unit,tariff"] + [f"{service},{service},spell,yes" for service in "abcdf"],
    "categories": ["code,name,growth_share", "pay,Pay,0.7", "drugs,Drugs,1", "other,Other,1"],
    "flows": ["payer,payee,service,category,amount,activity,mechanism,variable_share,plan_basis,uplift_2019/20,uplift_2020/21,uplift_2021/22",
              "C,T,a,,100,1000,blended,0.3,,,,", "C,U,a,,40,300,blended,0.3,base,,,", "E,T,a,,20,200,activity,,,,,",
              "E,T,b,,9,,block,,,0.01,0.02,0.03", "D,T,d,drugs,15,3,pass_through,,,,,", "C,X,d,drugs,11,,pass_through,,,,,",
              "C,T,b,,50,500,block,,,,,", "C,U,b,,30,,block,,,,,", "D,U,c,,25,250,activity,,,,,", "C,X,f,other,8,,fixed,,,,,",
              "T,U,b,,5,,block,,,0,0,0", "T,X,,pay,150,,,,,,,", "T,X,,drugs,49,,,,,,,", "U,X,,pay,92,,,,,,,"],
    "allocations": ["code,stream,year,amount,firmness"] + [
        f"{code},{stream},{label},{base * 1.04 ** t},{'firm' if t < 2 else 'indicative'}"
        for code, stream, base in (("C", "core", 239), ("D", "specialised", 40)) for t, label in enumerate(_LABELS)],
    "contracts": ["payer,payee,service,year,payer_amount,payee_amount"] + [f"C,X,f,{_LABELS[t]},{8 + t},{9 + t}" for t in (1, 2, 3)],
    "transfers": ["name,from_payer,from_payee,to_payer,to_payee,service,allocation_from,allocation_to,already_in_allocation,year,amount,recurrent",
                  "prices,,,C,*,a,,,3,2019/20,4,yes", "local,D,*,C,*,c;b,specialised,core,0,2019/20,6,yes", "once,,,C,U,b,,,0,2019/20,2,no"],
    "population": ["system,age_band,year,persons"] + [
        f"{system},{band},{label},{persons * (1 + growth) ** t}" for system, band, persons, growth in (
            ("S", "young", 1000, 0.01), ("S", "old", 300, 0.03), ("R", "young", 800, 0), ("R", "old", 200, 0.04), ("ENG", "young", 50000, 0.005),
            ("ENG", "old", 10000, 0.02)) for t, label in enumerate(_LABELS)],
    "use_by_age": ["service,age_band,use_per_head", "a,young,0.2", "a,old,1", "c,young,0.1", "c,old,0.2"],
    "drivers": ["name,target,scope,family,mean,sd,min,mode,max,p10,p50,p90,df,persistence,share_national,share_system,share_organisation",
                "da,demand.a,organisation,normal,0.02,0.02,,,,,,,,0.5,0.4,0.4,0.2", "da2,demand.a,national,triangular,,,-0.01,0,0.02,,,,,1,1,0,0",
                "db,demand.b,system,beta,0.03,0.01,,,,,,,,0.3,0.5,0.5,0", "dd,demand.d,organisation,gamma,0.05,0.03,,,,,,,,0.2,0.2,0.3,0.5",
                "dc,demand.c,organisation,metalog,,,,,,0.0,0.02,0.05,,0.4,0.3,0.3,0.4", "pp,price.pay,organisation,student_t,0.03,0.01,,,,,,,5,0.6,0.8,0.1,0.1",
                "pd,price.drugs,organisation,lognormal,0.04,0.02,,,,,,,,0.5,0.6,0.2,0.2", "ag,allocation.growth,national,normal,0.001,0.005,,,,,,,,0.5,1,0,0",
                "te,tariff.error,national,normal,0,0.004,,,,,,,,0.3,1,0,0", "cl,contract.lambda,organisation,uniform,,,0,,1,,,,,0,0,0,1"],
    "correlations": ["driver_a,driver_b,correlation", "da,pp,0.3", "te,pp,0.5"],
    "events": ["name,target,scope,probability,family,mean,sd,value,first_year,last_year,duration_years",
               "flu,demand.a,system,0.3,normal,0.02,0.01,,2019/20,2021/22,2", "shock,price.pay,national,0.2,fixed,,,0.05,2020/21,2021/22,1"],
}
FLOORS = ["name,payers,services,rule,reference,by,start,spent", "mhis,C,b,grows_at_least,core,0.03,2019/20,0.8",
          "cap,D,c,grows_at_most,0.01,0.005,2020/21,1"]


def write(folder):
    """Makes the folder, without floors, as a user would have written it."""
    os.makedirs(folder)
    for name, lines in TABLES.items():
        with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as handle:
            handle.write("\n".join(lines) + "\n")
    with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as handle:
        handle.write(f"title: Every rule at once\nbase_year: 2018/19\nyears: {YEARS}\nseed: 20190627\n")
    return folder
